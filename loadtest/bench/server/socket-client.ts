import { once } from 'node:events'
import {
  type ClientFrame,
  decodeSocketServerMessage,
  encodeSocketClientMessage,
  Malformed,
  packRecords,
  type ServerFrame,
  SOCKET_PROTOCOL,
  type SocketClientMessage,
  type SocketRecord,
  unpackRecords,
} from '@concord/protocol'
import { WebSocket } from 'ws'

/** Frames by channel over one WebSocket, several of one turn in one message: a client without documents, to make load. */
export class SocketClient {
  readonly #socket: WebSocket
  #due: SocketRecord[] = []

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async connect(url: string, token: string, onFrame: (channel: number, frame: ServerFrame) => void): Promise<SocketClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/socket`, SOCKET_PROTOCOL)
    const client = new SocketClient(socket)
    const welcome = Promise.withResolvers<void>()
    socket.on('message', (data: Buffer) => {
      const records = unpackRecords(data)
      if (records instanceof Malformed) throw new Error(records.message)
      for (const { channel, payload } of records) {
        const message = decodeSocketServerMessage(payload)
        if (message === undefined || message instanceof Malformed) continue
        if (message.kind === 'frame') onFrame(channel, message.frame)
        else if (message.kind === 'welcome') welcome.resolve()
        else if (message.kind === 'closed') throw new Error(`${message.error.reason}: ${message.error.message}`)
      }
    })
    await once(socket, 'open')
    client.#send(0, { kind: 'hello', token, sdk: 'bench/1' })
    await welcome.promise
    return client
  }

  send(channel: number, frame: ClientFrame): void {
    this.#send(channel, { kind: 'frame', frame })
  }

  close(): void {
    this.#socket.terminate()
  }

  #send(channel: number, message: SocketClientMessage): void {
    this.#due.push({ channel, payload: encodeSocketClientMessage(message) })
    if (this.#due.length === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const records = this.#due
    this.#due = []
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(packRecords(records))
  }
}
