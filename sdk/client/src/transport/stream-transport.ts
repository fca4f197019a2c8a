import { create } from '@bufbuild/protobuf'
import { type Client as ConnectClient, createClient, type Transport as Calls } from '@connectrpc/connect'
import { FollowRequestSchema, PresenceService, SyncRequestSchema, SyncService } from '@concord/proto'
import { type ClientFrame, type ClientPresence, clientFrameToProto, clientPresenceToProto, type Open, type ServerFrame, serverFrameFromProto, type ServerPresence, serverPresenceFromProto } from '@concord/protocol'
import { MessageQueue } from './message-queue.ts'
import { OpenChannels, responseChannel } from './response-channel.ts'
import type { Channel, ChannelHandler, PresenceOpen, Transport } from './transport.ts'

/** Bidirectional streams: one for each document, one for its presence, many on one HTTP/2 connection. */
export class StreamTransport implements Transport {
  private readonly sync: ConnectClient<typeof SyncService>
  private readonly presence: ConnectClient<typeof PresenceService>
  private readonly channels = new OpenChannels()
  private readonly closed: () => void

  /** @param closed closes the connection under the calls. */
  constructor(calls: Calls, closed: () => void) {
    this.sync = createClient(SyncService, calls)
    this.presence = createClient(PresenceService, calls)
    this.closed = closed
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const queue = new MessageQueue<ReturnType<typeof syncRequest>>()
    queue.push(syncRequest({ kind: 'open', open }))
    return responseChannel(
      (signal) => this.sync.sync(queue, { signal }),
      (response) => serverFrameFromProto(response.frame),
      handler,
      this.channels,
      () => ({ send: (frame: ClientFrame) => queue.push(syncRequest(frame)), end: () => queue.end() }),
    )
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    const queue = new MessageQueue<ReturnType<typeof followRequest>>()
    queue.push(followRequest(open))
    return responseChannel(
      (signal) => this.presence.follow(queue, { signal }),
      (response) => serverPresenceFromProto(response.presence),
      handler,
      this.channels,
      () => ({ send: (message: ClientPresence) => queue.push(followRequest(message)), end: () => queue.end() }),
    )
  }

  close(): void {
    this.channels.closeAll()
    this.closed()
  }
}

function syncRequest(frame: ClientFrame) {
  return create(SyncRequestSchema, { frame: clientFrameToProto(frame) })
}

function followRequest(message: ClientPresence) {
  return create(FollowRequestSchema, { presence: clientPresenceToProto(message) })
}
