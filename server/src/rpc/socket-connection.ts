import { decodeSocketClientMessage, encodeSocketServerMessage, Malformed, packRecords, SOCKET_CHANNEL, type SocketClientMessage, type SocketRecord, unpackRecords, type WireError } from '@concord/protocol'
import type { WebSocket } from 'ws'
import type { Identity } from '../ports/index.ts'
import { isIdentity } from './admission.ts'
import { refusalLevel } from './call-info.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import { malformed } from './channel.ts'
import type { Flushable } from './flush-queue.ts'
import { Lifeline } from './lifeline.ts'
import type { LiveCarrier } from './live-carriers.ts'
import { SocketChannels, type SocketOpeners } from './socket-channels.ts'
import type { Swept } from './sweeper.ts'

/** WebSocket close codes (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001
const POLICY = 1008

type State = { readonly kind: 'waiting'; readonly since: number } | { readonly kind: 'verifying' } | { readonly kind: 'welcome'; readonly life: Lifeline } | { readonly kind: 'closed' }

/** One WebSocket: a token first, then any number of document and presence channels. */
export class SocketConnection implements Flushable, Swept, LiveCarrier {
  readonly #socket: WebSocket
  readonly #deps: CarrierDeps
  /** By which the log finds this socket. */
  readonly #correlation: string
  readonly #channels: SocketChannels
  #state: State
  #control: SocketRecord[] = []
  #queued = false
  #unsent = 0
  #pingedAt: number
  #waitsForPong = false

  constructor(socket: WebSocket, deps: CarrierDeps, openers: SocketOpeners, correlation: string) {
    this.#socket = socket
    this.#deps = deps
    this.#correlation = correlation
    this.#channels = new SocketChannels(openers, deps, correlation, { wake: () => this.wake(), refresh: (token) => void this.#refresh(token) })
    this.#state = { kind: 'waiting', since: deps.sweeper.now }
    this.#pingedAt = deps.sweeper.now
    deps.sweeper.add(this)
    deps.live.add(this)
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary))
    socket.on('pong', () => (this.#waitsForPong = false))
    socket.on('error', () => deps.telemetry.count('connection_errors_total'))
    socket.on('close', () => this.#stop())
  }

  wake(): void {
    if (this.#queued) return
    this.#queued = true
    this.#deps.flushes.add(this)
  }

  /** Sends what is due until the socket holds enough; goes on when it has sent some. */
  flush(): void {
    this.#queued = false
    if (this.#state.kind === 'closed') return
    while (this.#unsent < this.#deps.limits.socketBufferBytes) {
      const records = this.#control.splice(0)
      this.#channels.pull(records, this.#deps.limits.writeBytes)
      if (records.length === 0) return
      this.#send(packRecords(records))
    }
  }

  sweep(now: number, wall: number): void {
    const state = this.#state
    const { limits } = this.#deps
    if (state.kind === 'waiting' && now - state.since > limits.firstMessageMs) return this.end({ reason: 'IDLE_TIMEOUT', message: 'the first record did not come in time' })
    if (this.#waitsForPong && now - this.#pingedAt > limits.pongMs) return this.#socket.terminate()
    if (!this.#waitsForPong && now - this.#pingedAt > limits.pingMs) this.#ping(now)
    const over = state.kind === 'welcome' ? state.life.over(now, wall) : undefined
    if (over === undefined) return
    if (over.reason !== 'TOKEN_EXPIRED') this.#channels.notify({ kind: 'drain', reconnectAfterMs: 0 })
    this.end(over)
  }

  /** Sends what is due, says why on channel 0, then closes. */
  end(error: WireError): void {
    if (this.#state.kind === 'closed') return
    const identity = this.#state.kind === 'welcome' ? this.#state.life.identity : undefined
    this.#deps.telemetry.log(refusalLevel({ identity }), 'a socket was ended', { correlation: this.#correlation, reason: error.reason, user: identity?.userId ?? '' })
    this.flush()
    this.#send(packRecords([{ channel: SOCKET_CHANNEL, payload: encodeSocketServerMessage({ kind: 'closed', error }) }]))
    this.#stop()
    this.#socket.close(error.reason === 'DRAINING' ? GOING_AWAY : POLICY, error.reason)
  }

  #send(bytes: Uint8Array): void {
    if (this.#state.kind === 'welcome') this.#state.life.touchedAt = this.#deps.sweeper.now
    this.#unsent += bytes.length
    this.#socket.send(bytes, (failed) => {
      this.#unsent -= bytes.length
      if (failed === undefined || failed === null) this.#sent()
    })
  }

  #sent(): void {
    if (this.#channels.due) this.wake()
  }

  #ping(now: number): void {
    this.#pingedAt = now
    this.#waitsForPong = true
    this.#socket.ping()
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#state.kind === 'closed') return
    if (this.#state.kind === 'welcome') this.#state.life.touchedAt = this.#deps.sweeper.now
    const records = isBinary ? unpackRecords(data) : new Malformed('', 'records are binary messages')
    if (records instanceof Malformed) return this.end(malformed(records))
    for (const record of records) this.#record(record)
  }

  #record({ channel, payload }: SocketRecord): void {
    if (this.#state.kind === 'closed') return
    const message = decodeSocketClientMessage(payload)
    if (this.#state.kind === 'welcome' && channel !== SOCKET_CHANNEL) {
      if (message instanceof Malformed) this.#channels.refuse(channel, malformed(message))
      else this.#channels.receive(channel, message, this.#state.life.identity)
      return
    }
    if (message instanceof Malformed) return this.end(malformed(message))
    this.#ownChannel(channel, message)
  }

  #ownChannel(channel: number, message: SocketClientMessage): void {
    const state = this.#state
    if (message.kind === 'close' && channel === SOCKET_CHANNEL) return this.#socket.close(1000)
    if (state.kind === 'welcome') {
      if (message.kind === 'hello') return void this.#refresh(message.token)
      if (message.kind === 'frame' && message.frame.kind === 'refresh') return void this.#refresh(message.frame.token)
    }
    if (state.kind !== 'waiting' || channel !== SOCKET_CHANNEL || message.kind !== 'hello') {
      return this.end({ reason: 'FRAME_MALFORMED', message: 'the first record is hello on channel 0, and documents follow after welcome', field: 'message' })
    }
    this.#state = { kind: 'verifying' }
    void this.#welcome(message.token)
  }

  async #welcome(token: string): Promise<void> {
    const identity = await this.#deps.admission.identify(token)
    if (this.#state.kind === 'closed') return
    if (!isIdentity(identity)) return this.end(identity)
    const { limits, sweeper, runtime } = this.#deps
    this.#state = { kind: 'welcome', life: new Lifeline(limits, identity, sweeper.now, runtime.random.float()) }
    this.#control.push({ channel: SOCKET_CHANNEL, payload: encodeSocketServerMessage({ kind: 'welcome', userId: identity.userId }) })
    this.wake()
  }

  /** One token speaks for the whole socket, on whatever channel it came. */
  async #refresh(token: string): Promise<void> {
    if (this.#state.kind !== 'welcome') return
    const { life } = this.#state
    const fresh: Identity | WireError = await this.#deps.admission.refresh(token, life.identity)
    if (!isIdentity(fresh)) return this.end(fresh)
    life.identity = fresh
    this.#channels.renew(fresh)
  }

  #stop(): void {
    if (this.#state.kind === 'closed') return
    this.#state = { kind: 'closed' }
    this.#deps.sweeper.remove(this)
    this.#deps.live.remove(this)
    this.#channels.close()
  }
}
