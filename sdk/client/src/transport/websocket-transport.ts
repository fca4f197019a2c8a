import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence, SocketServerMessage } from '@concord/protocol'
import type { TransportContext } from '../client.ts'
import { SocketConnection } from './socket-connection.ts'
import type { Channel, ChannelHandler, PresenceOpen, Transport } from './transport.ts'

/**
 * Carries all documents of a client, and their presence, on one WebSocket: over HTTP/1.1 a browser allows six
 * connections to a host, so two streams for each document would hang the third tab. The socket opens with the first channel
 * and is made anew for the first one after it broke.
 */
export class WebSocketTransport implements Transport {
  private readonly context: TransportContext
  private connection: SocketConnection | undefined
  private readonly welcomed: () => void

  /** @param welcomed is called whenever a socket turns out to work. */
  constructor(context: TransportContext, welcomed: () => void = () => {}) {
    this.context = context
    this.welcomed = welcomed
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

  close(): void {
    this.connection?.close()
    this.connection = undefined
  }

  private channel<In>(handler: ChannelHandler<In>, pick: (message: SocketServerMessage) => In | undefined) {
    if (this.connection === undefined || this.connection.isOver) this.connection = new SocketConnection(this.context, this.welcomed)
    return this.connection.open({
      message: (message) => {
        const picked = pick(message)
        if (picked !== undefined) handler.message(picked)
      },
      ended: (error) => handler.ended(error),
    })
  }
}
