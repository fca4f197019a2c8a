import {
  type ClientFrame,
  type ClientPresence,
  decodeSocketServerMessage,
  encodeSocketClientMessage,
  Malformed,
  packRecords,
  SOCKET_PROTOCOL,
  type SocketClientMessage,
  type SocketRecord,
  type SocketServerMessage,
  unpackRecords,
} from '@concord/protocol'
import type { MeasuredServer } from './measured-server.ts'

type OnMessage = (channel: number, message: SocketServerMessage) => void

/** A WebSocket that speaks the session protocol and nothing more: the server is what is measured. Counts bytes on the wire. */
export class LoadSocket {
  readonly #socket: WebSocket
  #due: SocketRecord[] = []
  /** Bytes with frame headers, both ways. */
  received = 0
  sent = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async connect(server: MeasuredServer, onMessage: OnMessage): Promise<LoadSocket> {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/socket`, SOCKET_PROTOCOL)
    socket.binaryType = 'arraybuffer'
    const client = new LoadSocket(socket)
    const welcome = Promise.withResolvers<void>()
    socket.addEventListener('open', () => client.#send(0, { kind: 'hello', token: server.token, sdk: 'calibrate/1' }))
    socket.addEventListener('error', () => welcome.reject(new Error('the server refused a WebSocket')))
    socket.addEventListener('message', ({ data }) => {
      try {
        client.#take(new Uint8Array(data as ArrayBuffer), welcome.resolve, onMessage)
      } catch (error) {
        server.fail(error as Error)
      }
    })
    await welcome.promise
    return client
  }

  frame(channel: number, frame: ClientFrame): void {
    this.#send(channel, { kind: 'frame', frame })
  }

  presence(channel: number, presence: ClientPresence): void {
    this.#send(channel, { kind: 'presence', presence })
  }

  closeChannel(channel: number): void {
    this.#send(channel, { kind: 'close' })
  }

  /** Resolves when the socket is closed. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#socket.addEventListener('close', () => resolve()))
    this.#socket.close()
    return closed
  }

  #take(bytes: Uint8Array, welcome: () => void, onMessage: OnMessage): void {
    this.received += onWire(bytes.length, false)
    const records = unpackRecords(bytes)
    if (records instanceof Malformed) throw new Error(records.message)
    for (const { channel, payload } of records) {
      const message = decodeSocketServerMessage(payload)
      if (message === undefined || message instanceof Malformed) continue
      if (message.kind === 'welcome') welcome()
      else if (message.kind === 'closed') throw new Error(`the server closed channel ${channel}: ${message.error.reason} ${message.error.message}`)
      else onMessage(channel, message)
    }
  }

  #send(channel: number, message: SocketClientMessage): void {
    this.#due.push({ channel, payload: encodeSocketClientMessage(message) })
    if (this.#due.length === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const bytes = packRecords(this.#due)
    this.#due = []
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.sent += onWire(bytes.length, true)
    this.#socket.send(bytes)
  }
}

/** Header of a WebSocket frame (RFC 6455, 5.2): clients mask. */
function onWire(length: number, masked: boolean): number {
  return length + (length < 126 ? 2 : length < 65_536 ? 4 : 10) + (masked ? 4 : 0)
}
