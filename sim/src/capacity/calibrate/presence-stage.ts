import type { PresenceState } from '@concord/protocol'
import type { MeasuredServer, Usage } from './measured-server.ts'
import { closeSessions, openSessions, sleep } from './sessions.ts'
import type { Stage } from './stage.ts'

const ALONE = 200
const ROOMS = 10
const PER_ROOM = 10
const EVERY_MS = 100
const MEASURE_MS = 1_000
/** The session is on channel 1 of its own socket. */
const PRESENCE_CHANNEL = 2

/** States of clients who are alone, then of ten to a document who all see each other. */
export const presenceStage: Stage = {
  title: 'presence',
  rounds: 3,
  async round(server, round) {
    const alone = await movers(server, `presence-${round}-a-`, ALONE, 1)
    const update = alone.usage.mainMs / alone.updates
    const rooms = await movers(server, `presence-${round}-b-`, ROOMS, PER_ROOM)
    const delivery = (rooms.usage.mainMs - rooms.updates * update) / rooms.messages
    return { 'presence.update': update, 'presence.delivery': Math.max(0, delivery), 'bytes.presence': rooms.bytes / rooms.messages }
  },
}

interface Moves {
  readonly usage: Usage
  readonly updates: number
  readonly messages: number
  readonly bytes: number
}

export function presenceState(version: number, place: number): PresenceState {
  return { name: 'Ada Lovelace', color: '#3366cc', selection: { version, anchor: place, head: place }, activity: 'typing', data: '' }
}

/** Everybody moves ten times a second, spread over the tenth. */
async function movers(server: MeasuredServer, prefix: string, rooms: number, perRoom: number): Promise<Moves> {
  let [messages, updates] = [0, 0]
  await server.createDocuments(prefix, rooms)
  const documents = Array.from({ length: rooms * perRoom }, (_, index) => `documents/${prefix}${index % rooms}`)
  const sessions = await openSessions(server, documents, { presence: () => void (messages += 1) }, 1)
  for (const { socket, document, opened } of sessions) socket.presence(PRESENCE_CHANNEL, { kind: 'open', document, clientId: opened.clientId, anonymous: false })
  await sleep(200)
  const timers = sessions.map(({ socket }, index) => {
    const move = (): void => {
      updates += 1
      socket.presence(PRESENCE_CHANNEL, { kind: 'state', state: presenceState(0, 0) })
    }
    return setTimeout(() => (timers[index] = setInterval(move, EVERY_MS)), (index * EVERY_MS) / sessions.length)
  })
  await sleep(300)
  const received = (): number => sessions.reduce((sum, { socket }) => sum + socket.received, 0)
  const [messagesBefore, updatesBefore, bytesBefore] = [messages, updates, received()]
  const usage = await server.during(() => sleep(MEASURE_MS))
  const moved = { usage, updates: updates - updatesBefore, messages: messages - messagesBefore, bytes: received() - bytesBefore }
  timers.forEach((timer) => clearInterval(timer))
  await closeSessions(sessions)
  return moved
}
