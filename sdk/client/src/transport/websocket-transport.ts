import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence, SocketServerMessage } from '@concord/protocol'
import type { TransportContext } from '../client.ts'
import { SocketConnection } from './socket-connection.ts'
import type { Provable } from './fallback-transport.ts'
import type { Channel, ChannelHandler, PresenceOpen } from './transport.ts'

/**
 * Carries all documents of a client, and their presence, on one WebSocket: over HTTP/1.1 a browser allows six
 * connections to a host, so two streams for each document would hang the third tab. The socket opens with the first channel
 * and is made anew for the first one after it broke.
 */
export class WebSocketTransport implements Provable {
  private readonly context: TransportContext
  private connection: SocketConnection | undefined
  /** Called whenever a socket turns out to work. */
  onWorking: () => void = () => {}

  constructor(context: TransportContext) {
    this.context = context
  }

  get isUp(): boolean {
    return this.connection?.isUp ?? false
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const channel = this.channel(handler, (message) => (message.kind === 'frame' ? message.frame : undefined))
    channel.send({ kind: 'frame', frame: { kind: 'open', open } })
    return { send: (frame) => channel.send({ kind: 'frame', frame }), close: () => channel.close() }
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    const channel = this.channel(handler, (message) => (message.kind === 'presence' ? message.presence : undefined))
    channel.send({ kind: 'presence', presence: open })
    return { send: (presence) => channel.send({ kind: 'presence', presence }), close: () => channel.close() }
  }

  /** Opens a socket if there is none; it is kept for the next channel. */
  async probe(): Promise<boolean> {
    const connection = this.connected()
    return connection.welcome
  }

  close(): void {
    this.connection?.close()
    this.connection = undefined
  }

  private channel<In>(handler: ChannelHandler<In>, pick: (message: SocketServerMessage) => In | undefined) {
    return this.connected().open({
      message: (message) => {
        const picked = pick(message)
        if (picked !== undefined) handler.message(picked)
      },
      ended: (error) => handler.ended(error),
    })
  }

  private connected(): SocketConnection {
    if (this.connection === undefined || this.connection.isOver) this.connection = new SocketConnection(this.context, () => this.onWorking())
    return this.connection
  }
}
