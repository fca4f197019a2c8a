import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { FollowRequestSchema, FollowResponseSchema, SyncRequestSchema, SyncResponseSchema } from '@concord/proto'
import {
  type ClientFrame,
  clientFrameToProto,
  type ClientPresence,
  clientPresenceToProto,
  type ServerFrame,
  serverFrameFromProto,
  type ServerPresence,
  serverPresenceFromProto,
} from '@concord/protocol'
import { readMessages } from '@concord/server/rpc/read-messages'
import { FOLLOW, SYNC } from '@concord/server/rpc/stream-methods'
import type { MakeLink } from '../network.ts'
import { type Level, PathLink } from '../path-link.ts'
import { type StreamCodec, StreamLine } from './stream-line.ts'

/** Level bytes: the real codecs on both ends of a Connect stream, cut into pieces on the way. */
export const bytesLink: MakeLink = (parts) => new PathLink(parts, LEVEL)

const SESSIONS: StreamCodec<ServerFrame, ClientFrame> = {
  encode: (frame) => toBinary(SyncRequestSchema, create(SyncRequestSchema, { frame: clientFrameToProto(frame) })),
  read: (payloads) => readMessages(payloads, SYNC, true),
  decode: (payload) => serverFrameFromProto(fromBinary(SyncResponseSchema, payload).frame),
}

const PRESENCE: StreamCodec<ServerPresence, ClientPresence> = {
  encode: (presence) => toBinary(FollowRequestSchema, create(FollowRequestSchema, { presence: clientPresenceToProto(presence) })),
  read: (payloads) => readMessages(payloads, FOLLOW, true),
  decode: (payload) => serverPresenceFromProto(fromBinary(FollowResponseSchema, payload).presence),
}

const LEVEL: Level = { session: () => new StreamLine(SESSIONS), presence: () => new StreamLine(PRESENCE) }
