import { type ClientFrame, type ClientPresence, encodeSocketServerMessage, type ServerFrame, type ServerPresence } from '@concord/protocol'
import type { MakeLink } from '../network.ts'
import { type Level, PathLink } from '../path-link.ts'
import { type SocketCodec, SocketLine } from './socket-line.ts'

/** Level bytes as a browser has it: records on a WebSocket (decision 011). */
export const socketLink: MakeLink = (parts) => new PathLink(parts, LEVEL)

const SESSIONS: SocketCodec<ServerFrame, ClientFrame> = {
  wrap: (frame) => ({ kind: 'frame', frame }),
  unwrap: (message) => (message.kind === 'frame' ? message.frame : undefined),
  payload: (due) => due.message(),
  open: (message) => (message.kind === 'frame' ? message.frame : undefined),
}

const PRESENCE: SocketCodec<ServerPresence, ClientPresence> = {
  wrap: (presence) => ({ kind: 'presence', presence }),
  unwrap: (message) => (message.kind === 'presence' ? message.presence : undefined),
  payload: (due) => encodeSocketServerMessage({ kind: 'presence', presence: due.value }),
  open: (message) => (message.kind === 'presence' ? message.presence : undefined),
}

const LEVEL: Level = { session: () => new SocketLine(SESSIONS), presence: () => new SocketLine(PRESENCE) }
