import {
  decodeSocketServerMessage,
  encodeSocketClientMessage,
  packRecords,
  SOCKET_CHANNEL,
  SOCKET_PROTOCOL,
  type SocketClientMessage,
  type SocketRecord,
  type SocketServerMessage,
  unpackRecords,
} from '@concord/protocol'
import type { TimerHandle } from '@concord/runtime'
import type { TransportContext } from '../client.ts'
import { ConcordError, unreachable } from '../concord-error.ts'
import { SDK_NAME } from '../session/session-state.ts'
import type { Channel, ChannelHandler } from './transport.ts'

/** A socket that is not welcomed within this time is given up, in milliseconds. */
const WELCOME_MS = 10_000

/** A socket without channels is kept this long, in milliseconds: closing one document to open the next costs no handshake. */
const LINGER_MS = 5_000

/** One WebSocket: its hello, and its channels by number. Numbers are never used twice. */
export class SocketConnection {
  private readonly context: TransportContext
  private readonly welcomed: () => void
  private readonly answered = Promise.withResolvers<boolean>()
  private readonly channels = new Map<number, ChannelHandler<SocketServerMessage>>()
  private socket: WebSocket | undefined
  private isWelcome = false
  private over = false
  private nextChannel = SOCKET_CHANNEL + 1
  /** Before the welcome; and records of one turn, which leave as one message. */
  private outgoing: SocketRecord[] = []
  private flushing = false
  /** Taken down with the socket: a program that is done must not wait for them. */
  private readonly timers: TimerHandle[] = []

  constructor(context: TransportContext, welcomed: () => void) {
    this.context = context
    this.welcomed = welcomed
    void this.connect()
  }

  /** Resolves with whether the server took the hello. */
  get welcome(): Promise<boolean> {
    return this.answered.promise
  }

  /** The server took the hello, and the socket is not over. */
  get isUp(): boolean {
    return this.isWelcome && !this.over
  }

  get isOver(): boolean {
    return this.over
  }

  open(handler: ChannelHandler<SocketServerMessage>): Channel<SocketClientMessage> {
    const number = this.nextChannel++
    this.channels.set(number, handler)
    return {
      send: (message) => {
        if (this.channels.has(number)) this.write(number, message)
      },
      close: () => {
        if (!this.channels.delete(number)) return
        this.write(number, { kind: 'close' })
        if (this.channels.size === 0) this.after(LINGER_MS, () => this.channels.size === 0 && this.close())
      },
    }
  }

  /** Closes without a word to the channels. */
  close(): void {
    this.channels.clear()
    this.end(unreachable('the socket was closed'))
  }

  private async connect(): Promise<void> {
    let token: string
    try {
      token = await this.context.token()
    } catch (error) {
      return this.end(error instanceof ConcordError ? error : unreachable('the token callback failed', error))
    }
    if (this.over) return
    const socket = new WebSocket(socketUrl(this.context.url), SOCKET_PROTOCOL)
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    this.after(WELCOME_MS, () => {
      if (!this.isWelcome) this.end(unreachable('the socket was not answered in time'))
    })
    socket.onopen = () => this.sendNow([{ channel: SOCKET_CHANNEL, payload: encodeSocketClientMessage({ kind: 'hello', token, sdk: SDK_NAME }) }])
    socket.onmessage = (event: MessageEvent<unknown>) => this.receive(event.data)
    socket.onerror = () => this.end(unreachable('the socket failed'))
    socket.onclose = () => this.end(unreachable('the socket was closed by the server or the network'))
  }

  private write(channel: number, message: SocketClientMessage): void {
    if (this.over) return
    this.outgoing.push({ channel, payload: encodeSocketClientMessage(message) })
    if (!this.isWelcome || this.flushing) return
    this.flushing = true
    void Promise.resolve().then(() => this.flush())
  }

  private flush(): void {
    this.flushing = false
    if (this.over || this.outgoing.length === 0) return
    const records = this.outgoing
    this.outgoing = []
    this.sendNow(records)
  }

  private sendNow(records: readonly SocketRecord[]): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(packRecords(records))
  }

  private receive(data: unknown): void {
    if (this.over) return
    const records = data instanceof ArrayBuffer ? unpackRecords(new Uint8Array(data)) : undefined
    if (records === undefined || 'kind' in records) return this.end(unreachable('the server sent something else than records'))
    for (const { channel, payload } of records) {
      const message = decodeSocketServerMessage(payload)
      if (message === undefined) continue
      if (message.kind === 'malformed') return this.end(unreachable(`the server sent a malformed message: ${message.message}`))
      this.deliver(channel, message)
    }
  }

  private deliver(number: number, message: SocketServerMessage): void {
    if (number === SOCKET_CHANNEL) return this.onSocketMessage(message)
    const channel = this.channels.get(number)
    if (message.kind !== 'closed') return channel?.message(message)
    this.channels.delete(number)
    channel?.ended(new ConcordError(message.error))
  }

  private onSocketMessage(message: SocketServerMessage): void {
    if (message.kind === 'closed') return this.end(new ConcordError(message.error))
    if (message.kind !== 'welcome') return
    this.isWelcome = true
    this.answered.resolve(true)
    this.welcomed()
    this.flush()
  }

  private after(delayMs: number, callback: () => void): void {
    this.timers.push(this.context.runtime.timers.set(delayMs, callback))
  }

  /** The socket ends, and with it every channel, for one reason. */
  private end(error: ConcordError): void {
    if (this.over) return
    this.over = true
    this.answered.resolve(false)
    this.outgoing = []
    this.socket?.close()
    for (const timer of this.timers) this.context.runtime.timers.clear(timer)
    const channels = [...this.channels.values()]
    this.channels.clear()
    for (const channel of channels) channel.ended(error)
  }
}

function socketUrl(url: string): string {
  return `${url.replace(/^http/, 'ws')}/v1/socket`
}
