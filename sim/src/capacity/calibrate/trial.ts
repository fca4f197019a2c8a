import type { Calibration, Trial } from '../calibration.ts'
import { documentsOfClients } from '../fleet/documents-of-clients.ts'
import { bytesOf, cpuOf, type Rates, sumOf } from '../plan/demand.ts'
import { planSchema, type PlanInput } from '../plan/plan-schema.ts'
import { MeasuredServer } from './measured-server.ts'
import { presenceState } from './presence-stage.ts'
import { closeSessions, type LoadSession, openSessions, sleep, submitLetter } from './sessions.ts'

const SESSIONS = 1_000
const IDLE_SHARE = 0.4
/** Milliseconds between two acts of one who types: four times as busy as people are, so that the server is about as busy as planned. */
const EVERY_MS = 250
const SETTLE_MS = 2_000
const MEASURE_MS = 8_000
/** The session is on channel 1 of its own socket. */
const PRESENCE_CHANNEL = 2
/** Who does nothing still says that he is there (SDK: BEAT_MS). */
const BEAT_MS = 5_000

/** The plan of the trial; what is not said is as for every plan, but nothing waits for a driver: the store is embedded. */
function trialPlan(documents: number, operations: number): PlanInput {
  return planSchema.parse({
    title: 'trial',
    users: { total: SESSIONS, daily: SESSIONS, sessions: SESSIONS, idleShare: IDLE_SHARE, reconnectsPerMinute: 0 },
    documents: { total: documents, open: documents, size: 100 },
    rates: { operations, presence: operations },
    durability: 'local',
    server: { storeCallMs: 0 },
  })
}

/**
 * A small plan on this machine: the default workload with 1,000 sessions, a socket each; six of ten type and move. What the formulas of the planner make of the rates that were seen, beside what the server used.
 */
export function runTrial(calibration: Calibration): Promise<Trial> {
  return MeasuredServer.with((server) => measureTrial(server, calibration))
}

async function measureTrial(server: MeasuredServer, calibration: Calibration): Promise<Trial> {
  const { of, count } = documentsOfClients(7, SESSIONS)
  await server.createDocuments('trial-', count)
  const counts = { operations: 0, deliveries: 0, presence: 0, messages: 0, states: 0 }
  const left = new Map<LoadSession, number>()
  let latencies: number[] = []
  const frame = (session: LoadSession, { kind }: { readonly kind: string }): void => {
    if (kind === 'change') counts.deliveries += 1
    if (kind !== 'ack') return
    counts.operations += 1
    latencies.push(performance.now() - (left.get(session) ?? performance.now()))
    left.delete(session)
  }
  const presence = (held: number): void => {
    counts.messages += 1
    counts.states += held
  }
  const sessions = await openSessions(server, [...of].map((document) => `documents/trial-${document}`), { frame, presence }, 1)
  for (const { socket, document, opened } of sessions) socket.presence(PRESENCE_CHANNEL, { kind: 'open', document, clientId: opened.clientId, anonymous: false })
  const isIdle = (index: number): boolean => index % 10 < IDLE_SHARE * 10
  const stop = typeAndMove(sessions.filter((_, index) => !isIdle(index)), left, () => void (counts.presence += 1))
  const beats = setInterval(() => sessions.forEach(({ socket }, index) => isIdle(index) && socket.presence(PRESENCE_CHANNEL, { kind: 'beat' })), BEAT_MS)
  await sleep(SETTLE_MS)
  const bytes = (): number => sessions.reduce((sum, { socket }) => sum + socket.received + socket.sent, 0)
  latencies = []
  const [before, bytesBefore, started] = [{ ...counts }, bytes(), performance.now()]
  const usage = await server.during(() => sleep(MEASURE_MS))
  const seconds = (performance.now() - started) / 1_000
  const perSecond = (name: keyof typeof counts): number => (counts[name] - before[name]) / seconds
  const measured = { cpu: usage.mainMs / 1_000 / seconds, bytes: (bytes() - bytesBefore) / seconds }
  const ackP99Ms = latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * 0.99)] ?? 0
  const rates = { operations: perSecond('operations'), deliveries: perSecond('deliveries'), presence: perSecond('presence'), presenceMessages: perSecond('messages'), presenceStates: perSecond('states') }
  stop()
  clearInterval(beats)
  await closeSessions(sessions)
  return trialOf(calibration, count, rates, measured, ackP99Ms)
}

/** Each types a letter and moves his caret, spread over the time between two. @returns what ends it */
function typeAndMove(sessions: readonly LoadSession[], left: Map<LoadSession, number>, moved: () => void): () => void {
  const act = (session: LoadSession): void => {
    session.socket.presence(PRESENCE_CHANNEL, { kind: 'state', state: presenceState(session.version, 0) })
    moved()
    if (left.has(session)) return
    left.set(session, performance.now())
    submitLetter(session)
  }
  const timers = sessions.map((session, index) => setTimeout(() => (timers[index] = setInterval(act, EVERY_MS, session)), (index * EVERY_MS) / sessions.length))
  return () => timers.forEach((timer) => clearInterval(timer))
}

type Seen = Pick<Rates, 'operations' | 'deliveries' | 'presence' | 'presenceMessages' | 'presenceStates'>

function trialOf(calibration: Calibration, documents: number, seen: Seen, measured: { readonly cpu: number; readonly bytes: number }, ackP99Ms: number): Trial {
  const plan = trialPlan(documents, seen.operations)
  const rates: Rates = { ...seen, sessions: SESSIONS, documents, readers: seen.deliveries / seen.operations, opens: 0, coldOpens: 0, reconnects: 0, beats: (SESSIONS * IDLE_SHARE) / (BEAT_MS / 1_000), appends: seen.operations, snapshots: seen.operations / 500 }
  const { up, down } = bytesOf(rates, plan, calibration)
  return {
    sessions: SESSIONS, documents, operationsPerSecond: seen.operations, deliveriesPerSecond: seen.deliveries, presencePerSecond: seen.presence,
    predictedCpu: sumOf(cpuOf(rates, plan, calibration)) / 1_000, measuredCpu: measured.cpu,
    predictedBytesPerSecond: up + down, measuredBytesPerSecond: measured.bytes, ackP99Ms,
  }
}
