import { type ClientFrame, type ClientPresence, encodeSocketServerMessage, type Notice, SOCKET_CHANNEL, type SocketClientMessage, type SocketRecord, type WireError } from '@concord/protocol'
import type { Identity } from '../ports/index.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import { type Channel, isFailure, type Opener, type Outgoing } from './channel.ts'
import { toWireError } from './error-map.ts'

export interface SocketOpeners {
  readonly session: Opener<ClientFrame>
  readonly presence: Opener<ClientPresence>
}

type Content = Extract<SocketClientMessage, { kind: 'frame' | 'presence' }>

interface Entry {
  readonly kind: Content['kind']
  channel: Channel<ClientFrame | ClientPresence> | undefined
  /** What came while it was being opened. */
  readonly early: Content[]
  readonly notices: Outgoing[]
  gone: boolean
}

/** How channels reach their socket. */
export interface SocketSide {
  wake(): void
  refresh(token: string): void
}

/** The channels of one socket. A fault of one ends that one. */
export class SocketChannels {
  readonly #openers: SocketOpeners
  readonly #deps: CarrierDeps
  readonly #correlation: string
  readonly #side: SocketSide
  readonly #entries = new Map<number, Entry>()
  /** Ended by the server: what the client said before it knew is not held against it. */
  readonly #ended = new Set<number>()
  readonly #closings: SocketRecord[] = []
  #due = new Set<number>()

  constructor(openers: SocketOpeners, deps: CarrierDeps, correlation: string, side: SocketSide) {
    this.#correlation = correlation
    this.#openers = openers
    this.#deps = deps
    this.#side = side
  }

  get due(): boolean {
    return this.#due.size > 0 || this.#closings.length > 0
  }

  receive(number: number, message: SocketClientMessage, identity: Identity): void {
    const entry = this.#entries.get(number)
    if (message.kind === 'close') return this.#drop(number)
    if (message.kind === 'hello') return this.refuse(number, { reason: 'FRAME_MALFORMED', message: 'hello belongs on channel 0', field: 'message' })
    const content = contentOf(message)
    if (content.kind === 'refresh') return this.#side.refresh(content.token)
    if (entry === undefined) return this.#openOrIgnore(number, message, identity)
    if (entry.kind !== message.kind) return this.refuse(number, { reason: 'FRAME_MALFORMED', message: `this channel carries a ${entry.kind}`, field: 'message' })
    if (entry.channel !== undefined) return entry.channel.receive(content)
    if (entry.early.length >= this.#deps.limits.framesBeforeOpen) return this.refuse(number, { reason: 'RATE_LIMITED', message: 'too many frames before the channel was open', retryAfterMs: 1_000 })
    entry.early.push(message)
  }

  /** Puts the due records of every channel in, each channel in turn, until about `maxBytes` are there. */
  pull(into: SocketRecord[], maxBytes: number): void {
    into.push(...this.#closings.splice(0))
    let size = 0
    for (const number of this.#due) {
      if (size >= maxBytes) return
      this.#due.delete(number)
      size += this.#pullOne(number, into, maxBytes - size)
    }
  }

  refuse(number: number, error: WireError): void {
    if (this.#ended.has(number) && !this.#entries.has(number)) return
    this.#deps.telemetry.log('info', 'a channel was refused', { correlation: this.#correlation, channel: number, reason: error.reason })
    this.#drop(number)
    this.#closings.push(closing(number, error))
    this.#remember(number)
    this.#side.wake()
  }

  renew(identity: Identity): void {
    for (const { channel } of this.#entries.values()) channel?.renew(identity)
  }

  /** Tells every document's channel. */
  notify(notice: Notice): void {
    const frame = this.#deps.frame({ kind: 'notice', notice })
    for (const [number, entry] of this.#entries) {
      if (entry.kind !== 'frame') continue
      entry.notices.push(frame)
      this.#due.add(number)
    }
  }

  close(): void {
    for (const number of [...this.#entries.keys()]) this.#drop(number)
  }

  #openOrIgnore(number: number, message: Content, identity: Identity): void {
    const opens = contentOf(message).kind === 'open'
    if (!opens && this.#ended.has(number)) return
    if (this.#deps.live.draining) return this.refuse(number, { reason: 'DRAINING', message: 'the server is shutting down: connect again', retryAfterMs: 1_000 })
    if (this.#entries.size >= this.#deps.limits.streamsPerConnection) return this.refuse(number, { reason: 'RATE_LIMITED', message: 'too many channels on one socket: close some first', retryAfterMs: 1_000 })
    const entry: Entry = { kind: message.kind, channel: undefined, early: [], notices: [], gone: false }
    this.#entries.set(number, entry)
    this.#ended.delete(number)
    void this.#open(number, entry, message, identity)
  }

  async #open(number: number, entry: Entry, message: Content, identity: Identity): Promise<void> {
    const wake = (): void => this.#wakeOne(number, entry)
    const opened = await this.#start(message, identity, wake).catch((thrown: unknown): WireError => this.#unexpected(thrown))
    const failure = 'reason' in opened ? opened : isFailure(opened) ? opened.error : undefined
    if (failure !== undefined) return entry.gone ? undefined : this.refuse(number, failure)
    const channel = opened as Channel<ClientFrame | ClientPresence>
    if (entry.gone) return channel.close()
    entry.channel = channel
    for (const early of entry.early.splice(0)) channel.receive(contentOf(early))
    this.#wakeOne(number, entry)
  }

  #start(message: Content, identity: Identity, wake: () => void): ReturnType<Opener<never>> {
    return message.kind === 'frame' ? this.#openers.session(identity, message.frame, wake) : this.#openers.presence(identity, message.presence, wake)
  }

  #unexpected(thrown: unknown): WireError {
    const { error, cause } = toWireError(thrown)
    if (cause !== undefined) this.#deps.telemetry.log('error', 'a channel could not be opened', { correlation: this.#correlation, cause: String(cause) })
    return error
  }

  #wakeOne(number: number, entry: Entry): void {
    if (entry.gone) return
    this.#due.add(number)
    this.#side.wake()
  }

  #pullOne(number: number, into: SocketRecord[], maxBytes: number): number {
    const entry = this.#entries.get(number)
    const channel = entry?.channel
    if (entry === undefined || channel === undefined) return 0
    const frames = [...channel.pull(maxBytes), ...entry.notices.splice(0)]
    let size = 0
    for (const frame of frames) {
      const payload = frame.message()
      size += payload.length
      into.push({ channel: number, payload })
    }
    if (size >= maxBytes) this.#due.add(number)
    else if (channel.ended !== undefined) this.#finish(number, channel.ended, into)
    return size
  }

  #finish(number: number, ended: WireError | 'done', into: SocketRecord[]): void {
    this.#drop(number)
    if (ended === 'done') return
    into.push(closing(number, ended))
    this.#remember(number)
  }

  #drop(number: number): void {
    const entry = this.#entries.get(number)
    if (entry === undefined) return
    entry.gone = true
    this.#entries.delete(number)
    this.#due.delete(number)
    entry.channel?.close()
  }

  #remember(number: number): void {
    if (number === SOCKET_CHANNEL) return
    if (this.#ended.size >= this.#deps.limits.streamsPerConnection) this.#ended.delete([...this.#ended][0] ?? number)
    this.#ended.add(number)
  }
}

function contentOf(message: Content): ClientFrame | ClientPresence {
  return message.kind === 'frame' ? message.frame : message.presence
}

function closing(channel: number, error: WireError): SocketRecord {
  return { channel, payload: encodeSocketServerMessage({ kind: 'closed', error }) }
}
