import { MeasuredServer } from './measured-server.ts'
import { closeSessions, openSessions, PER_SOCKET, sleep } from './sessions.ts'
import { filledDocument } from './snapshot-stage.ts'
import type { Stage } from './stage.ts'

const SOCKETS = 600
const CHANNELS = 2_000
const DOCUMENTS = 100
const UNITS = 10_000
const IDLE_MS = 2_000

/** What sits in memory, and what it costs to let it sit; each figure on a server that has done nothing else. */
export const memoryStage: Stage = {
  title: 'memory',
  rounds: 2,
  isCold: true,
  async round() {
    const sockets = await onFreshServer(async (server, empty) => {
      const sessions = await openSessions(server, Array.from({ length: SOCKETS }, () => 'documents/memory-0'), {}, 1)
      await sleep(300)
      const bytes = (await server.memory()) - empty
      const idle = await server.during(() => sleep(IDLE_MS))
      await closeSessions(sessions)
      return { empty, perSocket: bytes / SOCKETS, idle: idle.mainMs / SOCKETS / (IDLE_MS / 1000) }
    })
    const channels = await onFreshServer(async (server, empty) => {
      const sessions = await openSessions(server, Array.from({ length: CHANNELS }, () => 'documents/memory-0'), {}, PER_SOCKET)
      await sleep(300)
      const bytes = (await server.memory()) - empty
      await closeSessions(sessions)
      return bytes / CHANNELS
    })
    const document = await onFreshServer(documents)
    return { 'memory.server': sockets.empty, 'memory.socket': sockets.perSocket, idle: sockets.idle, 'memory.channel': channels, 'memory.document': document }
  },
}

async function documents(server: MeasuredServer, empty: number): Promise<number> {
  const names: string[] = []
  for (let index = 0; index < DOCUMENTS; index++) names.push(await filledDocument(server, `memory-${index}-`, UNITS))
  const sessions = await openSessions(server, names)
  await sleep(300)
  const bytes = (await server.memory()) - empty
  await closeSessions(sessions)
  return bytes / DOCUMENTS
}

function onFreshServer<T>(measure: (server: MeasuredServer, empty: number) => Promise<T>): Promise<T> {
  return MeasuredServer.with(async (server) => {
    await server.createDocuments('memory-', 1)
    // What a server allocates once, on its first connections, is no cost of any of them.
    await closeSessions(await openSessions(server, Array.from({ length: 20 }, () => 'documents/memory-0'), {}, 1))
    return measure(server, await server.memory())
  })
}
