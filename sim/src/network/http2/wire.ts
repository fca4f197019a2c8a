import type { TimedEvent } from '../../kernel/event-heap.ts'
import type { Conditions } from '../conditions.ts'
import type { LinkParts, NodeSide, ServerWork } from '../network.ts'
import { Path } from '../path.ts'
import { FrameWorks } from './frame-works.ts'
import { WireEnd } from './wire-end.ts'

/** A connection that is not answered in time is given up. */
const CONNECT_MS = 10_000

/** An acknowledgement, or an end without bytes. */
const NO_BYTES = 0

/** Every wire of a run that is not closed at both ends: Node keeps what hangs on them. */
export type WireSet = Set<Wire>

/**
 * One connection between an actor and one generation of a node, as bytes: two paths with an end of a stream at each side.
 * What the server reads and writes passes through its process: it waits while that is paused and is gone with it.
 */
export class Wire {
  readonly node: NodeSide
  readonly generation: number
  readonly client: WireEnd
  readonly #conditions: Conditions
  readonly #up: Path
  readonly #down: Path
  readonly #over: (wire: Wire) => void
  readonly #level: WireSet
  readonly #works = new FrameWorks()
  #server: WireEnd | undefined
  /** What the client has written before the connection stands. */
  #early: (() => void)[] | undefined = []
  #clientWaits: (() => void) | undefined
  #serverWaits: (() => void) | undefined
  #clientGone = false
  #serverGone = false
  #timer: TimedEvent | undefined
  /** Bytes the client has received. */
  received = 0

  constructor(link: LinkParts, conditions: Conditions, node: NodeSide, over: (wire: Wire) => void, level: WireSet) {
    this.#conditions = conditions
    this.#level = level
    level.add(this)
    this.node = node
    this.generation = node.process.generation
    this.#over = over
    this.client = new WireEnd({ write: (chunk, taken) => this.#clientWrites(chunk, taken), end: () => this.#clientEnds(), closed: () => this.#clientCloses() })
    this.#up = new Path({ conditions, direction: 'up', blocked: () => link.blocked(node, 'up'), gaveUp: () => this.#gaveUp(), freed: () => this.#clientGoesOn() })
    this.#down = new Path({ conditions, direction: 'down', blocked: () => link.blocked(node, 'down'), gaveUp: () => this.#gaveUp(), freed: () => this.#serverGoesOn() })
    this.#shakeHands()
  }

  /** The client sees the end now; the server once what is under way has arrived. */
  cut(message: string): void {
    this.client.break('ECONNRESET', message)
  }

  /** The process at the other end is gone: its kernel says so, and nothing that is under way is taken. */
  serverDied(): void {
    if (this.#serverGone) return
    this.#serverGone = true
    this.#up.stop()
    this.#down.send(() => this.client.break('ECONNRESET', 'the server went away'), NO_BYTES)
  }

  /** After the run: lets go of both ends, also of that at a node that died with it open. */
  release(): void {
    this.#serverGone = true
    this.#up.stop()
    this.#down.stop()
    this.#level.delete(this)
    this.client.destroy()
    this.#server?.destroy()
  }

  #shakeHands(): void {
    // A round trip for TCP before the first bytes leave, and one for TLS.
    const trip = this.#conditions.delay() + this.#conditions.delay()
    this.#timer = this.#conditions.schedule(CONNECT_MS, () => this.client.break('ETIMEDOUT', 'the connection was not answered in time'))
    this.#up.send(() => this.#knock(), NO_BYTES, false, trip)
  }

  #knock(): void {
    const { accept, hubs } = this.node
    if (accept === undefined || hubs === undefined) return this.#down.send(() => this.client.break('ECONNREFUSED', 'the server is down'), NO_BYTES)
    this.#atServer('connect', () => {
      const end = new WireEnd({ write: (chunk, taken) => this.#serverWrites(chunk, taken), end: () => this.#serverEnds(), closed: () => this.#serverCloses() })
      this.#server = end
      this.node.accept?.(end)
      this.#down.send(() => this.#welcomed(), NO_BYTES)
    })
  }

  #welcomed(): void {
    this.#cancel()
    const early = this.#early ?? []
    this.#early = undefined
    for (const go of early) go()
  }

  // The client's end

  #clientWrites(chunk: Uint8Array, taken: () => void): void {
    const go = (): void => {
      for (const piece of this.#slices(chunk)) this.#up.send(() => this.#serverReads(piece), piece.length, piece.length < chunk.length)
      if (this.#up.hasRoom()) taken()
      else this.#clientWaits = taken
    }
    if (this.#early === undefined) go()
    else this.#early.push(go)
  }

  #clientGoesOn(): void {
    const taken = this.#clientWaits
    this.#clientWaits = undefined
    taken?.()
  }

  #clientReads(chunk: Uint8Array): void {
    this.received += chunk.length
    this.client.arrive(chunk)
  }

  #clientEnds(): void {
    this.#up.send(() => this.#atServer('frame', () => this.#server?.arriveEnd()), NO_BYTES)
  }

  #clientCloses(): void {
    if (this.#clientGone) return
    this.#clientGone = true
    this.#cancel()
    this.#down.stop()
    this.#up.send(() => this.#atServer('close', () => this.#server?.break('ECONNRESET', 'the client went away')), NO_BYTES)
    this.#over(this)
    this.#closed()
  }

  // The server's end

  #serverReads(chunk: Uint8Array): void {
    const [first = 'frame', ...more] = this.#works.push(chunk)
    for (const work of more) this.node.charge(work, () => undefined)
    this.#atServer(first, () => this.#server?.arrive(chunk))
  }

  #serverWrites(chunk: Uint8Array, taken: () => void): void {
    // A dead process writes nothing, and hears of nothing.
    if (this.#serverGone || this.node.process.generation !== this.generation) return
    for (const piece of this.#slices(chunk)) this.#down.send(() => this.#clientReads(piece), piece.length, piece.length < chunk.length)
    if (this.#down.hasRoom()) taken()
    else this.#serverWaits = taken
  }

  #serverGoesOn(): void {
    const taken = this.#serverWaits
    this.#serverWaits = undefined
    if (taken !== undefined) this.#deliver(() => this.#server?.within(taken))
  }

  #serverEnds(): void {
    if (!this.#serverGone) this.#down.send(() => this.client.arriveEnd(), NO_BYTES)
  }

  #serverCloses(): void {
    if (this.#serverGone || this.node.process.generation !== this.generation) return
    this.#serverGone = true
    this.#closed()
    this.#up.stop()
    this.#down.send(() => this.client.break('ECONNRESET', 'the server closed the connection'), NO_BYTES)
  }

  #closed(): void {
    if (this.client.destroyed && this.#server?.destroyed !== false) this.#level.delete(this)
  }

  /** Nothing has got through for so long that both ends have given up. */
  #gaveUp(): void {
    this.client.break('ETIMEDOUT', 'the network did not answer')
    this.#deliver(() => this.#server?.break('ETIMEDOUT', 'the network did not answer'))
  }

  #atServer(work: ServerWork, run: () => void): void {
    this.#deliver(() => this.node.charge(work, run))
  }

  #deliver(run: () => void): void {
    if (!this.#serverGone) this.node.process.deliver(run, this.generation)
  }

  #slices(chunk: Uint8Array): Uint8Array[] {
    const { sliceBytes } = this.#conditions.model
    if (sliceBytes === 0 || chunk.length <= sliceBytes) return [chunk]
    return Array.from({ length: Math.ceil(chunk.length / sliceBytes) }, (_, index) => chunk.subarray(index * sliceBytes, (index + 1) * sliceBytes))
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#timer.cancelled = true
    this.#timer = undefined
  }
}
