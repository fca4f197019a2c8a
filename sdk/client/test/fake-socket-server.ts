import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { decodeSocketClientMessage, encodeSocketServerMessage, encodeEnvelopedServerFrame, ENVELOPE_BYTES, packRecords, type ServerPresence, type SocketClientMessage, SOCKET_PROTOCOL, unpackRecords, type WireError } from '@concord/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { ReferenceServer, type ReferenceSession } from './reference-server.ts'

/** The reference server behind a real WebSocket, to hold the client's records against the contract. */
export class FakeSocketServer {
  readonly reference: ReferenceServer
  readonly sockets = new Set<WebSocket>()
  /** What the channels said besides frames of a session, for tests to look at. */
  readonly heard: SocketClientMessage[] = []
  /** Tokens that are refused. */
  readonly refused = new Set<string>()
  private readonly http: Server = createServer()
  private readonly wss = new WebSocketServer({ server: this.http, handleProtocols: () => SOCKET_PROTOCOL })

  constructor(reference: ReferenceServer) {
    this.reference = reference
    this.wss.on('connection', (socket) => this.accept(socket))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.wss.close()
    await new Promise<unknown>((resolve) => this.http.close(resolve))
  }

  private accept(socket: WebSocket): void {
    this.sockets.add(socket)
    const sessions = new Map<number, ReferenceSession>()
    const send = (channel: number, payload: Uint8Array): void => socket.send(packRecords([{ channel, payload }]))
    const closed = (channel: number, error: WireError): void => send(channel, encodeSocketServerMessage({ kind: 'closed', error }))
    let userId: string | undefined
    const flush = (channel: number): void => {
      const session = sessions.get(channel)
      if (session === undefined) return
      for (const { value } of session.pull()) send(channel, encodeEnvelopedServerFrame(value).subarray(ENVELOPE_BYTES))
      if (session.ended !== undefined && session.ended !== 'done') closed(channel, session.ended)
    }
    socket.on('message', (data) => {
      const records = unpackRecords(new Uint8Array(data as Buffer))
      if ('kind' in records) throw new Error(records.message)
      for (const { channel, payload } of records) {
        const message = decodeSocketClientMessage(payload)
        if (message.kind === 'malformed') throw new Error(message.message)
        if (message.kind !== 'frame') this.heard.push(message)
        if (message.kind === 'hello') {
          if (this.refused.has(message.token)) return closed(0, { reason: 'TOKEN_EXPIRED', message: 'old' })
          userId = message.token
          send(0, encodeSocketServerMessage({ kind: 'welcome', userId }))
        } else if (message.kind === 'frame' && message.frame.kind === 'open') {
          const opened = this.reference.open(userId!, message.frame.open, () => setImmediate(() => flush(channel)))
          if (!('kind' in opened)) closed(channel, opened)
          else {
            sessions.set(channel, opened)
            flush(channel)
          }
        } else if (message.kind === 'frame') sessions.get(channel)?.receive(message.frame)
        else if (message.kind === 'presence' && message.presence.kind === 'open') this.present(channel, send)
        else if (message.kind === 'close') sessions.get(channel)?.close()
      }
    })
    socket.on('close', () => {
      this.sockets.delete(socket)
      for (const session of sessions.values()) session.close()
    })
  }

  private present(channel: number, send: (channel: number, payload: Uint8Array) => void): void {
    const presence: ServerPresence = { updated: [{ clientId: '00000000000000ff', userId: 'zoe', state: { name: 'Zoe', color: '#123456', activity: 'active', data: '' } }], left: [], detail: 'full', count: 1 }
    send(channel, encodeSocketServerMessage({ kind: 'presence', presence }))
  }
}
