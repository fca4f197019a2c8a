import { OperationBuilder } from '@concord/ot'
import type { Open, Opened, ServerFrame } from '@concord/protocol'
import { LoadSocket } from './load-socket.ts'
import type { MeasuredServer } from './measured-server.ts'

/** Sessions that a socket carries here; the server allows 100 channels. */
export const PER_SOCKET = 50

/** One session of the load: knows where it is in its document, and no content. */
export interface LoadSession {
  readonly document: string
  readonly socket: LoadSocket
  readonly channel: number
  opened: Opened
  version: number
  seq: number
}

export interface SessionEvents {
  /** A frame for the session after it opened; its version is brought up to date before. */
  frame?(session: LoadSession, frame: ServerFrame): void
  /** A presence message for whichever session, with so many states. */
  presence?(states: number): void
}

export function openFrame(document: string, more: Partial<Open> = {}): Open {
  return { document, version: 0, epoch: 0, lastSeq: 0, sdk: 'calibrate/1', features: [], snapshot: false, algorithms: [1], ...more }
}

/** Opens a session on each document named, `perSocket` on a connection. Resolves when the server has opened them all. */
export async function openSessions(server: MeasuredServer, documents: readonly string[], events: SessionEvents = {}, perSocket = PER_SOCKET): Promise<LoadSession[]> {
  const sessions: LoadSession[] = []
  const sockets = await connectMany(server, Math.ceil(documents.length / perSocket), (index, channel, message) => {
    if (message.kind === 'presence') events.presence?.(message.presence.updated.length)
    if (message.kind !== 'frame') return
    take(sessions, index * perSocket + channel - 1, message.frame, events, done)
  })
  const done = countdown(documents.length)
  documents.forEach((document, index) => {
    const socket = sockets[Math.floor(index / perSocket)] as LoadSocket
    sessions[index] = { document, socket, channel: (index % perSocket) + 1, opened: NOT_OPENED, version: 0, seq: 0 }
    socket.frame((index % perSocket) + 1, { kind: 'open', open: openFrame(document) })
  })
  await done.reached
  return sessions
}

const NOT_OPENED = {} as Opened

function take(sessions: readonly LoadSession[], index: number, frame: ServerFrame, events: SessionEvents, opened: Countdown): void {
  const session = sessions[index]
  if (session === undefined) return
  if (frame.kind === 'opened') {
    Object.assign(session, { opened: frame.opened, version: frame.opened.head, seq: frame.opened.lastSeq })
    return opened.one()
  }
  if (frame.kind === 'reject') throw new Error(`the server refused an operation: ${frame.reject.error.reason} ${frame.reject.error.message}`)
  if (frame.kind === 'change') session.version = frame.change.version
  if (frame.kind === 'ack') session.version = frame.ack.version
  events.frame?.(session, frame)
}

/** Submits one letter at the start of the document, against the version that the session has seen. */
export function submitLetter(session: LoadSession): void {
  const operation = new OperationBuilder(session.version).insert('x').build()
  session.seq += 1
  session.socket.frame(session.channel, { kind: 'submit', submit: { session: session.opened.session, clientId: session.opened.clientId, seq: session.seq, baseVersion: session.version, operation } })
}

/** Some at a time, so that no backlog of the listening socket is overrun. */
export async function connectMany(server: MeasuredServer, count: number, onMessage: (index: number, ...rest: Parameters<Parameters<typeof LoadSocket.connect>[1]>) => void): Promise<LoadSocket[]> {
  const sockets: LoadSocket[] = []
  while (sockets.length < count) {
    const from = sockets.length
    sockets.push(...(await Promise.all(Array.from({ length: Math.min(50, count - from) }, (_, n) => LoadSocket.connect(server, (...rest) => onMessage(from + n, ...rest))))))
  }
  return sockets
}

export async function closeSessions(sessions: readonly LoadSession[]): Promise<void> {
  await Promise.all([...new Set(sessions.map(({ socket }) => socket))].map((socket) => socket.close()))
}

export interface Countdown {
  one(): void
  readonly reached: Promise<void>
}

export function countdown(from: number): Countdown {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = from
  if (left === 0) resolve()
  return {
    one() {
      left -= 1
      if (left === 0) resolve()
    },
    reached: promise,
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
