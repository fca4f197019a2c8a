import { type ClientFrame, type ClientPresence, decodeSocketServerMessage, encodeSocketClientMessage, Malformed, packRecords, SOCKET_PROTOCOL, type SocketClientMessage, type SocketServerMessage, unpackRecords } from '@concord/protocol'
import { type ClientOptions, WebSocket } from 'ws'

export interface Received {
  readonly channel: number
  readonly message: SocketServerMessage
}

/** The other end of a WebSocket, for tests: says and hears records. */
export class SocketPeer {
  readonly socket: WebSocket
  readonly #received: Received[] = []
  #waiting: (() => void) | undefined
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>

  constructor(url: string, options: ClientOptions = {}, protocols: string[] = [SOCKET_PROTOCOL]) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, protocols, options)
    this.socket.on('message', (data) => this.#hear(data as Buffer))
    this.closed = new Promise((resolve) => this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })))
    this.socket.on('error', () => undefined)
  }

  /** Connected and welcome. */
  static async welcome(url: string, token: string, options: ClientOptions = {}): Promise<SocketPeer> {
    const peer = new SocketPeer(url, options)
    await peer.connected()
    peer.say(0, { kind: 'hello', token, sdk: 'test' })
    await peer.until(({ message }) => message.kind === 'welcome')
    return peer
  }

  connected(): Promise<void> {
    return new Promise((resolve, reject) => this.socket.once('open', () => resolve()).once('error', reject))
  }

  say(channel: number, message: SocketClientMessage): void {
    this.socket.send(packRecords([{ channel, payload: encodeSocketClientMessage(message) }]))
  }

  frame(channel: number, frame: ClientFrame): void {
    this.say(channel, { kind: 'frame', frame })
  }

  presence(channel: number, presence: ClientPresence): void {
    this.say(channel, { kind: 'presence', presence })
  }

  /** The next record that fits, others before it are dropped. */
  async until(fits: (received: Received) => boolean): Promise<Received> {
    for (;;) {
      const next = this.#received.shift()
      if (next !== undefined && fits(next)) return next
      if (next === undefined) await new Promise<void>((resolve) => (this.#waiting = resolve))
    }
  }

  /** The next record on a channel. */
  on(channel: number): Promise<SocketServerMessage> {
    return this.until((received) => received.channel === channel).then(({ message }) => message)
  }

  #hear(data: Buffer): void {
    const records = unpackRecords(data)
    if (records instanceof Malformed) throw new Error(records.message)
    for (const { channel, payload } of records) {
      const message = decodeSocketServerMessage(payload)
      if (message === undefined || message instanceof Malformed) throw new Error('not a server message')
      this.#received.push({ channel, message })
    }
    this.#waiting?.()
  }
}
