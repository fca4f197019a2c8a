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

/** A peer that has not taken the end of its stream by then is cut off. */
const LAST_WRITE_MS = 5_000

/** Where the bytes of a stream go. Never throws. */
export interface ByteSink {
  /** False once it holds enough: it then calls back when it can take more. */
  write(chunk: Uint8Array): boolean
  /** Nothing follows. Trailers are sent by protocols that have them. */
  end(trailer: Headers): void
  /** Ends the connection to the peer, whatever is unsent. */
  cut(): void
}

export interface StreamParts<In extends Incoming> {
  readonly deps: CarrierDeps
  readonly protocol: StreamProtocol
  readonly correlation: string
  readonly identity: Identity
  /** Turns a message into the bytes of this stream: enveloped protobuf, or JSON for those who asked for it. */
  readonly encode: (outgoing: Outgoing) => Uint8Array
  /** True when the peers' messages are sessions' frames, which have notices. */
  readonly notices: boolean
  readonly open: (wake: () => void) => Promise<Channel<In> | WireError>
}

/**
 * Pulls from one channel as fast as its peer takes bytes, and no faster. Everything due in one turn leaves in one write.
 * Never throws: the failure of a session is the last thing on its stream.
 */
export class StreamPump<In extends Incoming> implements Flushable, Swept, LiveCarrier {
  readonly #parts: StreamParts<In>
  readonly #life: Lifeline
  #channel: Channel<In> | undefined
  #sink: ByteSink | undefined
  /** Frames of the carrier itself, before its end. */
  #notices: Outgoing[] = []
  #end: WireError | 'done' | undefined
  #endedAt: number | undefined
  #over = false
  #queued = false
  #full = false

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

  /** From here on bytes go to the peer; the first are there already. */
  attach(sink: ByteSink): void {
    this.#sink = sink
    this.flush()
  }

  /** The sink can take more. */
  drained(): void {
    this.#full = false
    this.flush()
  }

  receive(message: In): void {
    this.#life.touchedAt = this.#parts.deps.sweeper.now
    if (message.kind === 'refresh' && 'token' in message) void this.#refresh(message.token)
    else this.#channel?.receive(message)
  }

  /** Sends what is due, then the reason. */
  end(error: WireError | 'done'): void {
    this.#end ??= error
    this.#wake()
  }

  /** The peer is gone. Idempotent. */
  close(): void {
    if (this.#over) return
    this.#over = true
    this.#parts.deps.sweeper.remove(this)
    this.#parts.deps.live.remove(this)
    this.#channel?.close()
  }

  flush(): void {
    this.#queued = false
    const sink = this.#sink
    while (sink !== undefined && !this.#full && !this.#over) {
      const due = this.#due()
      if (due === undefined) return
      this.#life.touchedAt = this.#parts.deps.sweeper.now
      if (due instanceof Uint8Array) this.#full = !sink.write(due)
      else return this.#finish(sink, due.end)
    }
  }

  sweep(now: number, wall: number): void {
    if (this.#end !== undefined) {
      this.#endedAt ??= now
      if (now - this.#endedAt > LAST_WRITE_MS) this.#sink?.cut()
      return
    }
    const over = this.#life.over(now, wall)
    if (over === undefined) return
    if (over.reason !== 'TOKEN_EXPIRED' && this.#parts.notices) this.#notices.push(this.#parts.deps.frame({ kind: 'notice', notice: { kind: 'drain', reconnectAfterMs: 0 } }))
    this.end(over)
  }

  #run(channel: Channel<In>): void {
    this.#channel = channel
    this.#parts.deps.sweeper.add(this)
    this.#parts.deps.live.add(this)
  }

  #wake(): void {
    if (this.#queued || this.#full) return
    this.#queued = true
    this.#parts.deps.flushes.add(this)
  }

  #due(): Uint8Array | { readonly end: WireError | 'done' } | undefined {
    const failed = this.#end !== undefined && this.#end !== 'done'
    const frames: readonly Outgoing[] = failed ? [] : (this.#channel?.pull(this.#parts.deps.limits.writeBytes) ?? [])
    const chunk = this.#chunk(this.#notices.length === 0 ? frames : [...frames, ...this.#notices.splice(0)])
    if (chunk !== undefined) return chunk
    const end = failed ? this.#end : (this.#channel?.ended ?? this.#end)
    return end === undefined ? undefined : { end }
  }

  #chunk(frames: readonly Outgoing[]): Uint8Array | undefined {
    const [first] = frames
    if (first === undefined) return undefined
    const { encode } = this.#parts
    return frames.length === 1 ? encode(first) : Buffer.concat(frames.map(encode))
  }

  #finish(sink: ByteSink, end: WireError | 'done'): void {
    const { protocol, correlation, deps } = this.#parts
    if (end !== 'done') deps.telemetry.log('info', 'a stream was ended', { correlation, reason: end.reason, user: this.#life.identity.userId })
    const trailer = new Headers()
    const bytes = protocol.end(trailer, end === 'done' ? undefined : toConnectError(end, correlation))
    if (bytes !== undefined) sink.write(bytes)
    sink.end(protocol.name === 'grpc' ? trailer : new Headers())
    this.close()
  }

  async #refresh(token: string): Promise<void> {
    const fresh = await this.#parts.deps.admission.refresh(token, this.#life.identity)
    if (!isIdentity(fresh)) return this.end(fresh)
    this.#life.identity = fresh
    this.#channel?.renew(fresh)
  }
}
