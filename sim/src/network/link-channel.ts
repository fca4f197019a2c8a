import { type Channel, type ChannelHandler, ConcordError, unreachable } from '@concord/client'
import type { WireError } from '@concord/protocol'
import { EDGE_LIMITS } from '@concord/server/rpc/edge-limits'
import type { ChannelKind, Served } from './channel-kind.ts'
import type { Connection, Multiplexed } from './connection.ts'
import type { Downstream, Due, Line, Upstream } from './line.ts'

/** Share of the wakes at which a slow reader leaves its frames lying. */
const SLOW_SHARE = 0.2

/** Who watches one channel. */
export interface Watcher<In, Out> {
  sent(message: Out, bytes: number): void
  received(message: In, bytes: number): void
  ended(reason: string): void
}

export interface ChannelParts<In, Out> {
  readonly connection: Connection
  readonly kind: ChannelKind<In, Out>
  readonly line: Line<In, Out>
  readonly handler: ChannelHandler<In>
  readonly watcher: Watcher<In, Out>
}

/** One session or presence stream over a connection: the client's end, the server's end, and what passes between. */
export class LinkChannel<In, Out> implements Channel<Out>, Multiplexed, Upstream<Out>, Downstream<In> {
  readonly #parts: ChannelParts<In, Out>
  #clientGone = false
  #serverGone = false
  #first: Out | undefined
  #served: Served<In, Out> | undefined
  /** What came before the server's end was open. */
  #early: Out[] | undefined
  #isPulling = false
  /** What the processor works on. */
  #leaving: readonly Due<In>[] = NOTHING
  #isWriting = false
  /** The last submit that the client sent. */
  #latest: Out | undefined
  /** The end comes from a call beside the stream. */
  #byCall = false
  /** Made once: they are handed over for every frame. */
  readonly #pullNow = (): void => this.pull()
  readonly #leave = (): void => this.#left()

  constructor(parts: ChannelParts<In, Out>) {
    this.#parts = parts
    parts.connection.add(this)
  }

  get isOpen(): boolean {
    return !this.#clientGone
  }

  get isOver(): boolean {
    return this.#clientGone && this.#serverGone
  }

  // The client's end

  send(message: Out): void {
    if (this.#clientGone) return
    const { connection, kind, line, watcher } = this.#parts
    if (kind.isSubmit(message)) this.#latest = message
    watcher.sent(message, line.up(message, connection, this))
    const { conditions } = connection
    const { repeat } = conditions.model
    if (repeat === 0 || !kind.isSubmit(message) || !conditions.random.chance(repeat)) return
    conditions.schedule(conditions.delay() * 3, () => connection.deliver(() => line.again(message, { message: (again) => this.#take(again, true), failed: () => undefined })))
  }

  close(): void {
    if (this.#clientGone) return
    const { connection } = this.#parts
    this.#clientGone = true
    connection.send(() => this.endServer(true), 0)
    connection.leave(this)
  }

  broken(message: string): void {
    this.#finish(unreachable(message))
  }

  /** A message of the server is here. */
  received(message: In, bytes: number): void {
    if (this.#clientGone) return
    this.#parts.connection.heard()
    this.#parts.watcher.received(message, bytes)
    this.#parts.handler.message(message)
  }

  ended(error: ConcordError): void {
    this.#finish(error)
  }

  #finish(error: ConcordError): void {
    if (this.#clientGone) return
    this.#clientGone = true
    this.#parts.connection.leave(this)
    if (!this.#byCall) this.#parts.watcher.ended(error.reason)
    this.#parts.handler.ended(error)
  }

  // The server's end

  /** A message of the client is here. */
  message(message: Out): void {
    this.#take(message, false)
  }

  failed(error: WireError): void {
    this.#end(error)
  }

  endServer(alive: boolean): void {
    if (this.#serverGone) return
    this.#serverGone = true
    const { connection } = this.#parts
    const served = this.#served
    connection.leave(this)
    if (alive && served !== undefined) connection.charge('close', () => served.close())
  }

  /**
   * Takes what is due from the core as long as the way down has room, and no faster than the processor makes it. One pull
   * is enough for a wake: the core calls again when it has more than it gave.
   */
  pull(): void {
    this.#isPulling = false
    const served = this.#served
    while (served !== undefined && !this.#serverGone && this.#leaving.length === 0 && this.#parts.connection.down.hasRoom()) {
      const due = served.pull(EDGE_LIMITS.writeBytes)
      if (due.length > 0) this.#write(due)
      else if (served.ended !== undefined) return this.#end(served.ended)
      if (due.length === 0 || served.ended === undefined) return
    }
  }

  #take(message: Out, isRepeat: boolean): void {
    const { connection, kind } = this.#parts
    // A call needs no stream; everything else that comes after its end is dropped.
    if (this.#serverGone && !(connection.link.unary && kind.isSubmit(message))) return
    const isFirst = this.#first === undefined
    connection.charge(kind.work(message, isFirst), () => {
      if (!connection.isServed) return
      if (this.#first === undefined) this.#open(message)
      else if (connection.link.unary && kind.isSubmit(message)) this.#call(this.#first, message, isRepeat)
      else this.#receive(message)
    })
  }

  #open(first: Out): void {
    const { connection, kind } = this.#parts
    const { hubs } = connection.node
    this.#first = first
    if (hubs === undefined) return this.#end({ reason: 'DRAINING', message: 'the server is going away', retryAfterMs: 0 })
    void kind.open(hubs, connection.link.identity, first, () => this.#wake()).then((opened) => this.#opened(opened))
  }

  #opened(opened: Served<In, Out> | { readonly kind: 'failure'; readonly error: WireError }): void {
    if (!this.#parts.connection.isServed && this.#serverGone && 'error' in opened) return
    if ('error' in opened) return this.#end(opened.error)
    this.#served = opened
    for (const message of this.#early ?? []) this.#receive(message)
    this.#early = undefined
    if (this.#serverGone) opened.close()
    else this.#wake()
  }

  #receive(message: Out): void {
    if (this.#served === undefined) (this.#early ??= []).push(message)
    else if (isRefresh(message)) this.#served.renew(this.#parts.connection.link.identity)
    else this.#served.receive(message)
  }

  /** The reply only stops retries, unless it refuses: the version moves by the stream (R1). Nobody waits for that of a repeat. */
  #call(first: Out, message: Out, isRepeat: boolean): void {
    const { connection, kind } = this.#parts
    const { hubs } = connection.node
    if (hubs === undefined) return
    void kind.call(hubs, connection.link.identity, first, message).then((decision) => {
      if (isRepeat || !connection.isServed || (this.#latest !== undefined && kind.isOlder(message, this.#latest))) return
      if (decision.kind === 'reject') this.#write([kind.refusal(decision)])
      if (decision.kind === 'failure') {
        this.#byCall = true
        this.#end(decision.error)
      }
    })
  }

  /** Everything due in one turn leaves in one write; a microtask is enough of a turn, and costs no event. */
  #wake(): void {
    if (this.#isPulling) return
    this.#isPulling = true
    const { conditions } = this.#parts.connection
    const slow = conditions.model.slowReadMs > 0 && conditions.random.chance(SLOW_SHARE) ? conditions.random.float() * conditions.model.slowReadMs : 0
    const stalled = conditions.model.window > 0 ? 0 : conditions.stalledUntil - conditions.time.now
    const delayMs = Math.max(slow, stalled)
    if (delayMs > 0) conditions.schedule(delayMs, () => this.#parts.connection.deliver(this.#pullNow))
    else void SETTLED.then(this.#pullNow)
  }

  #write(due: readonly Due<In>[]): void {
    const { connection, kind } = this.#parts
    const leaving = connection.conditions.model.glitch > 0 ? this.#glitched(due) : due
    if (leaving.length === 0) return
    for (let i = 1; i < due.length; i += 1) connection.charge(kind.furtherWork, nothing)
    this.#leaving = this.#leaving.length === 0 ? leaving : [...this.#leaving, ...leaving]
    this.#isWriting = true
    connection.charge(kind.dueWork, this.#leave)
    this.#isWriting = false
  }

  /** The processor has made them: they go, and what became due meanwhile is next. */
  #left(): void {
    const leaving = this.#leaving
    this.#leaving = NOTHING
    if (leaving.length > 0) this.#parts.line.down(leaving, this.#parts.connection.down, this)
    if (!this.#isWriting) this.pull()
  }

  #glitched(due: readonly Due<In>[]): Due<In>[] {
    const { kind, connection } = this.#parts
    const { random, model } = connection.conditions
    return due.flatMap((one) => {
      const [lost, twice] = [random.chance(model.glitch), random.chance(model.glitch)]
      if (!kind.mayGlitch(one.value)) return [one]
      return lost ? [] : twice ? [one, one] : [one]
    })
  }

  #end(error: WireError | 'done'): void {
    if (this.#serverGone) return
    this.endServer(true)
    this.#parts.line.end(error, this.#parts.connection.down, this)
  }
}

/** Its callbacks run at the end of this turn, as microtasks that nothing watches. */
const SETTLED = Promise.resolve()

const NOTHING: readonly never[] = []

function nothing(): void {}

function isRefresh(message: unknown): boolean {
  return (message as { readonly kind: string }).kind === 'refresh'
}
