import type { TimedEvent } from '../kernel/event-heap.ts'
import type { Conditions } from './conditions.ts'
import type { Carrier } from './line.ts'
import type { LinkParts, NodeSide, ServerWork } from './network.ts'
import { Path } from './path.ts'

/** As in `sdk/client/src/node.ts`, in milliseconds. */
const PING_MS = 25_000
const PONG_MS = 8_000

/** A connection that is not answered in time is given up, as a socket without a welcome is. */
const CONNECT_MS = 10_000

/** A connection without channels is kept this long: closing one document to open the next costs no handshake. */
const LINGER_MS = 5_000

/** What runs over a connection: both ends of one channel. */
export interface Multiplexed {
  /** The client's end is still in use. */
  readonly isOpen: boolean
  /** Both ends are over. */
  readonly isOver: boolean
  /** The client's end is told, now. */
  broken(message: string): void
  /** The server's end is told, now. @param alive the process still runs that must let go of it */
  endServer(alive: boolean): void
  /** The way down can take more. */
  pull(): void
}

/**
 * One transport connection between an actor and one generation of a node: handshake, two paths, pings, and the ways in
 * which it ends. Sessions and presence of one actor share it, as they do on one socket.
 */
export class Connection implements Carrier {
  readonly node: NodeSide
  readonly generation: number
  readonly up: Path
  readonly down: Path
  readonly #link: LinkParts
  readonly #conditions: Conditions
  readonly #channels = new Set<Multiplexed>()
  readonly #over: (connection: Connection) => void
  /** Until the handshake is done. */
  #early: (() => void)[] | undefined = []
  #clientGone = false
  #serverGone = false
  #timer: TimedEvent | undefined
  #heardAt = 0

  constructor(link: LinkParts, conditions: Conditions, node: NodeSide, over: (connection: Connection) => void) {
    this.#link = link
    this.#conditions = conditions
    this.node = node
    this.generation = node.process.generation
    this.#over = over
    this.up = new Path({ conditions, direction: 'up', blocked: () => link.blocked(node, 'up'), gaveUp: () => this.#upDied(), freed: () => undefined })
    this.down = new Path({ conditions, direction: 'down', blocked: () => link.blocked(node, 'down'), gaveUp: () => this.serverDied(), freed: () => this.#freed() })
    this.#shakeHands()
  }

  get link(): LinkParts {
    return this.#link
  }

  get conditions(): Conditions {
    return this.#conditions
  }

  get counts(): boolean {
    return this.up.counts
  }

  /** Whether the client may open another channel on it. */
  get isUsable(): boolean {
    return !this.#clientGone
  }

  /** Whether the generation that it goes to still runs, paused or not. */
  get isServed(): boolean {
    return !this.#serverGone && this.node.process.generation === this.generation && this.node.process.state !== 'down'
  }

  add(channel: Multiplexed): void {
    this.#channels.add(channel)
  }

  /** The client's end of a channel is over; the server's may still hear of it. */
  leave(channel: Multiplexed): void {
    if (channel.isOver) this.#channels.delete(channel)
    if (this.#clientGone || this.#isInUse()) return
    this.#conditions.schedule(LINGER_MS, () => this.#isInUse() || this.close())
  }

  /** What the client sends, once the connection stands. */
  send(arrive: () => void, bytes: number, isFresh = false): void {
    if (this.#early === undefined) this.up.send(() => this.deliver(arrive), bytes, isFresh)
    else this.#early.push(() => this.up.send(() => this.deliver(arrive), bytes, isFresh))
  }

  /** Runs at the server: when its process takes it, and never when that has died. */
  deliver(run: () => void): void {
    if (!this.#serverGone) this.node.process.deliver(run, this.generation)
  }

  charge(work: ServerWork, run: () => void): void {
    this.node.charge(work, run)
  }

  /** Any sign of life from the server. */
  heard(): void {
    this.#heardAt = this.#conditions.time.now
  }

  /** The client sees the end now; the server once what is under way has arrived. */
  cut(message: string): void {
    if (this.#clientGone) return
    const channels = [...this.#channels]
    this.close()
    if (channels.length > 0) this.#conditions.schedule(0, () => channels.forEach((channel) => channel.broken(message)))
  }

  /** Without a word to the channels. */
  close(): void {
    if (this.#clientGone) return
    this.#clientGone = true
    this.#cancel()
    this.down.stop()
    this.up.send(() => this.deliver(() => this.#serverEnd(true)), 0)
    this.#over(this)
  }

  /** The process at the other end is gone: its kernel says so, and nothing that is under way is taken. */
  serverDied(): void {
    if (this.#serverGone) return
    this.#serverEnd(this.isServed)
    this.up.stop()
    this.down.send(() => this.#lostByClient('the server went away'), 0)
  }

  #shakeHands(): void {
    // A round trip for TCP before the hello of TLS leaves, and one for its answer.
    const trip = this.#conditions.delay() + this.#conditions.delay()
    this.#expect(CONNECT_MS, 'the connection was not answered in time')
    this.up.send(() => this.#knock(), 0, false, trip)
  }

  #knock(): void {
    if (!this.isServed) return this.down.send(() => this.#lostByClient('the server is down'), 0)
    this.deliver(() => this.charge('connect', () => this.down.send(() => this.#welcomed(), 0)))
  }

  #welcomed(): void {
    if (this.#clientGone) return
    this.#cancel()
    const early = this.#early ?? []
    this.#early = undefined
    this.heard()
    for (const send of early) send()
    this.#keepAlive(PING_MS)
  }

  /** One event per interval as long as there is traffic; a ping and its answer when there was none. */
  #keepAlive(delayMs: number): void {
    this.#timer = this.#conditions.schedule(delayMs, () => {
      const early = this.#heardAt + PING_MS - this.#conditions.time.now
      if (early > 1) this.#keepAlive(early)
      else this.#ping()
    })
  }

  #ping(): void {
    this.#expect(PONG_MS, 'the server did not answer a ping')
    this.send(() => this.down.send(() => this.#ponged(), 0), 0)
  }

  #ponged(): void {
    if (this.#clientGone) return
    this.heard()
    this.#cancel()
    this.#keepAlive(PING_MS)
  }

  /** Gives up when nobody cancels in time. A reader that takes nothing cannot know what has come. */
  #expect(withinMs: number, message: string): void {
    this.#timer = this.#conditions.schedule(withinMs, () => {
      const stalledMs = this.#conditions.stalledUntil - this.#conditions.time.now
      if (stalledMs > 0) this.#expect(stalledMs + withinMs, message)
      else this.#lostByClient(message)
    })
  }

  #lostByClient(message: string): void {
    if (this.#clientGone) return
    const channels = [...this.#channels]
    this.close()
    for (const channel of channels) channel.broken(message)
  }

  /** Nothing has got up for so long that both ends have missed their pings. */
  #upDied(): void {
    this.deliver(() => this.#serverEnd(true))
    this.#lostByClient('the network did not answer')
  }

  #serverEnd(alive: boolean): void {
    if (this.#serverGone) return
    this.#serverGone = true
    for (const channel of this.#channels) channel.endServer(alive)
  }

  #freed(): void {
    for (const channel of this.#channels) channel.pull()
  }

  #isInUse(): boolean {
    for (const channel of this.#channels) if (channel.isOpen) return true
    return false
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#timer.cancelled = true
    this.#timer = undefined
  }
}
