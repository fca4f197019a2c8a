import type { WireError } from '@concord/protocol'
import type { Identity } from '../ports/index.ts'
import { isIdentity } from './admission.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import type { Channel, Incoming, Outgoing } from './channel.ts'
import { toConnectError } from './error-map.ts'
import type { Flushable } from './flush-queue.ts'
import { Lifeline } from './lifeline.ts'
import type { LiveCarrier } from './live-carriers.ts'
import type { StreamProtocol } from './stream-protocol.ts'
import type { Swept } from './sweeper.ts'

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** A peer that has not taken the end of its stream by then is cut off. */
const LAST_WRITE_MS = 5_000

export interface StreamParts<In extends Incoming> {
  readonly deps: CarrierDeps
  readonly protocol: StreamProtocol
  readonly correlation: string
  /** For a peer that does not even take the end of its stream. */
  readonly cut: () => void
  readonly identity: Identity
  /** Turns a message into the bytes of this stream: enveloped protobuf, or JSON for those who asked for it. */
  readonly encode: (outgoing: Outgoing) => Uint8Array
  /** True when the peers' messages are sessions' frames, which have notices. */
  readonly notices: boolean
  readonly open: (wake: () => void) => Promise<Channel<In> | WireError>
}

/**
 * The response body of one stream. Each `next` is asked for once the peer has taken the chunk before, so that pulling
 * follows the peer's speed. Never throws and never rejects: the failure of a session is the last thing in its body.
 */
export class StreamPump<In extends Incoming> implements AsyncIterableIterator<Uint8Array>, Flushable, Swept, LiveCarrier {
  readonly trailer = new Headers()
  readonly #parts: StreamParts<In>
  readonly #life: Lifeline
  #channel: Channel<In> | undefined
  /** Frames of the carrier itself, before its end. */
  #notices: Outgoing[] = []
  #end: WireError | 'done' | undefined
  #endedAt: number | undefined
  #over = false
  #queued = false
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined

  constructor(parts: StreamParts<In>) {
    const { deps, identity } = parts
    this.#parts = parts
    this.#life = new Lifeline(deps.limits, identity, deps.sweeper.now, deps.runtime.random.float())
  }

  /** Opens the channel; a failure leaves nothing behind. */
  async start(): Promise<WireError | undefined> {
    const opened = await this.#parts.open(() => this.#wake())
    if ('reason' in opened) return opened
    if (this.#over) opened.close()
    else this.#run(opened)
    return undefined
  }

  receive(message: In): void {
    this.#life.touchedAt = this.#parts.deps.sweeper.now
    if (message.kind === 'refresh' && 'token' in message) void this.#refresh(message.token)
    else this.#channel?.receive(message)
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const due = this.#over ? DONE : this.#due()
    if (due !== undefined) return Promise.resolve(due)
    return new Promise((resolve) => (this.#waiting = resolve))
  }

  /** The peer is gone, or the response was cut off. Idempotent. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#stop()
    return Promise.resolve(DONE)
  }

  throw(): Promise<IteratorResult<Uint8Array>> {
    return this.return()
  }

  end(error: WireError | 'done'): void {
    this.#end ??= error
    this.#wake()
  }

  flush(): void {
    this.#queued = false
    const waiting = this.#waiting
    if (waiting === undefined) return
    // Before asking what is due: the end of a stream resolves whoever waits, and this answer must come first.
    this.#waiting = undefined
    const due = this.#over ? DONE : this.#due()
    if (due === undefined) this.#waiting = waiting
    else waiting(due)
  }

  sweep(now: number, wall: number): void {
    if (this.#end !== undefined) {
      this.#endedAt ??= now
      if (now - this.#endedAt > LAST_WRITE_MS) this.#parts.cut()
      return
    }
    const over = this.#life.over(now, wall)
    if (over === undefined) return
    if (over.reason !== 'TOKEN_EXPIRED' && this.#parts.notices) this.#notices.push(this.#parts.deps.frame({ kind: 'notice', notice: { kind: 'drain', reconnectAfterMs: 0 } }))
    this.end(over)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #run(channel: Channel<In>): void {
    this.#channel = channel
    this.#parts.deps.sweeper.add(this)
    this.#parts.deps.live.add(this)
  }

  #wake(): void {
    if (this.#queued || this.#waiting === undefined) return
    this.#queued = true
    this.#parts.deps.flushes.add(this)
  }

  #due(): IteratorResult<Uint8Array> | undefined {
    if (this.#end !== undefined && this.#end !== 'done') return this.#chunk(this.#notices.splice(0)) ?? this.#finish(this.#end)
    const frames = this.#channel?.pull(this.#parts.deps.limits.writeBytes) ?? []
    const chunk = this.#chunk(this.#notices.length === 0 ? frames : [...frames, ...this.#notices.splice(0)])
    if (chunk !== undefined) return chunk
    const end = this.#channel?.ended ?? this.#end
    return end === undefined ? undefined : this.#finish(end)
  }

  #chunk(frames: readonly Outgoing[]): IteratorResult<Uint8Array> | undefined {
    const [first] = frames
    if (first === undefined) return undefined
    this.#life.touchedAt = this.#parts.deps.sweeper.now
    const { encode } = this.#parts
    return { done: false, value: frames.length === 1 ? encode(first) : Buffer.concat(frames.map(encode)) }
  }

  #finish(end: WireError | 'done'): IteratorResult<Uint8Array> {
    const { protocol, correlation } = this.#parts
    const bytes = protocol.end(this.trailer, end === 'done' ? undefined : toConnectError(end, correlation))
    this.#stop()
    return bytes === undefined ? DONE : { done: false, value: bytes }
  }

  #stop(): void {
    if (this.#over) return
    this.#over = true
    this.#parts.deps.sweeper.remove(this)
    this.#parts.deps.live.remove(this)
    this.#channel?.close()
    this.#waiting?.(DONE)
    this.#waiting = undefined
  }

  async #refresh(token: string): Promise<void> {
    const fresh = await this.#parts.deps.admission.refresh(token, this.#life.identity)
    if (!isIdentity(fresh)) return this.end(fresh)
    this.#life.identity = fresh
    this.#channel?.renew(fresh)
  }
}
