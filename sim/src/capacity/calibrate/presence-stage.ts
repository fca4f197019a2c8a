import type { PresenceState } from '@concord/protocol'
import type { MeasuredServer, Usage } from './measured-server.ts'
import { closeSessions, openSessions, sleep } from './sessions.ts'
import type { Stage } from './stage.ts'

const CLIENTS = 100
const FEW = 2
const MANY = 10
const EVERY_MS = 100
const MEASURE_MS = 1_000
/** The session is on channel 1 of its own socket. */
const PRESENCE_CHANNEL = 2

/** Clients who are alone, in pairs and in tens: what a state costs, a message, and each state in a message. */
export const presenceStage: Stage = {
  title: 'presence',
  rounds: 3,
  async round(server, round) {
    const alone = await movers(server, `presence-${round}-a-`, 1)
    const pairs = await movers(server, `presence-${round}-b-`, FEW)
    const tens = await movers(server, `presence-${round}-c-`, MANY)
    const update = alone.usage.mainMs / alone.updates
    const cpu = throughTwo(pairs, tens, ({ usage, updates }) => usage.mainMs - updates * update)
    const bytes = throughTwo(pairs, tens, (moves) => moves.bytes)
    return { 'presence.update': update, 'presence.delivery': cpu.message, 'presence.state': cpu.state, 'bytes.presence': bytes.message, 'bytes.state': bytes.state }
  },
}

interface Moves {
  readonly usage: Usage
  readonly updates: number
  readonly messages: number
  readonly states: number
  readonly bytes: number
}

/** Cost of a message and of each state in it, from two runs with few and many states to a message; neither below zero. */
function throughTwo(few: Moves, many: Moves, costOf: (moves: Moves) => number): { readonly message: number; readonly state: number } {
  const [y1, y2] = [costOf(few) / few.messages, costOf(many) / many.messages]
  const [x1, x2] = [few.states / few.messages, many.states / many.messages]
  const state = Math.max(0, (y2 - y1) / (x2 - x1))
  return { message: Math.max(0, y1 - state * x1), state }
}

export function presenceState(version: number, place: number): PresenceState {
  return { name: 'Ada Lovelace', color: '#3366cc', selection: { version, anchor: place, head: place }, activity: 'typing', data: '' }
}

/** Everybody moves ten times a second, spread over the tenth. */
async function movers(server: MeasuredServer, prefix: string, perRoom: number): Promise<Moves> {
  let [messages, states, updates] = [0, 0, 0]
  const rooms = CLIENTS / perRoom
  await server.createDocuments(prefix, rooms)
  const documents = Array.from({ length: CLIENTS }, (_, index) => `documents/${prefix}${index % rooms}`)
  const presence = (held: number): void => {
    messages += 1
    states += held
  }
  const sessions = await openSessions(server, documents, { presence }, 1)
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
  const [messagesBefore, statesBefore, updatesBefore, bytesBefore] = [messages, states, updates, received()]
  const usage = await server.during(() => sleep(MEASURE_MS))
  const moved = { usage, updates: updates - updatesBefore, messages: messages - messagesBefore, states: states - statesBefore, bytes: received() - bytesBefore }
  timers.forEach((timer) => clearInterval(timer))
  await closeSessions(sessions)
  return moved
}
