import { openFrame, connectMany, countdown, openSessions, closeSessions, type Countdown } from './sessions.ts'
import type { Stage } from './stage.ts'

const SOCKETS = 150

/** Connections come, open a document that is loaded, and go. */
export const connectionStage: Stage = {
  title: 'connections',
  rounds: 5,
  async round(server, round) {
    await server.createDocuments(`connection-${round}-`, 1)
    const document = `documents/connection-${round}-0`
    const holder = await openSessions(server, [document])
    let opened: Countdown | undefined
    let sockets: Awaited<ReturnType<typeof connectMany>> = []
    const connecting = await server.during(async () => {
      sockets = await connectMany(server, SOCKETS, (_index, _channel, message) => void (message.kind === 'frame' && message.frame.kind === 'opened' && opened?.one()))
    })
    const before = sockets.reduce((sum, { received }) => sum + received, 0)
    const opening = await server.during(async () => {
      opened = countdown(SOCKETS)
      for (const socket of sockets) socket.frame(1, { kind: 'open', open: openFrame(document) })
      await opened.reached
    })
    const bytes = sockets.reduce((sum, { received }) => sum + received, 0) - before
    const closing = await server.during(async () => void (await Promise.all(sockets.map((socket) => socket.close()))))
    await closeSessions(holder)
    return { 'connect.socket': connecting.mainMs / SOCKETS, 'open.changes': opening.mainMs / SOCKETS, 'bytes.open': bytes / SOCKETS, 'close.socket': closing.mainMs / SOCKETS }
  },
}
