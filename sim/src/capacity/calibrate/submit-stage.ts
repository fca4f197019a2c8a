import { closeSessions, type LoadSession, openSessions, sleep, submitLetter } from './sessions.ts'
import type { MeasuredServer, Usage } from './measured-server.ts'
import type { Stage } from './stage.ts'

const WARMUP_MS = 300
const MEASURE_MS = 1_000
const DOCUMENTS = 64

/** What one run of closed loops gave. */
export interface LoopRun {
  readonly operations: number
  readonly seconds: number
  readonly usage: Usage
  readonly sent: number
  readonly received: number
}

/** Each session sends its next operation when the last is acknowledged. `documents[i]` is where session i writes. */
export async function closedLoops(server: MeasuredServer, documents: readonly string[], measureMs = MEASURE_MS): Promise<LoopRun> {
  let operations = 0
  let running = true
  const frame = (session: LoadSession, { kind }: { readonly kind: string }): void => {
    if (kind !== 'ack') return
    operations += 1
    if (running) submitLetter(session)
  }
  const sessions = await openSessions(server, documents, { frame })
  const sockets = [...new Set(sessions.map(({ socket }) => socket))]
  const bytes = (way: 'sent' | 'received'): number => sockets.reduce((sum, socket) => sum + socket[way], 0)
  for (const session of sessions) submitLetter(session)
  await sleep(WARMUP_MS)
  const usageBefore = await server.usage()
  const [first, start, sentBefore, receivedBefore] = [operations, performance.now(), bytes('sent'), bytes('received')]
  await sleep(measureMs)
  const [last, seconds, sent, received] = [operations, (performance.now() - start) / 1000, bytes('sent') - sentBefore, bytes('received') - receivedBefore]
  const usage = await server.usage()
  running = false
  await sleep(50)
  await closeSessions(sessions)
  return { operations: last - first, seconds, usage: { mainMs: usage.mainMs - usageBefore.mainMs, allMs: usage.allMs - usageBefore.allMs }, sent, received }
}

/** Many writers in documents of their own; one writer alone. */
export const submitStage: Stage = {
  title: 'operations',
  rounds: 5,
  async round(server, round) {
    await server.createDocuments(`submit-${round}-`, DOCUMENTS + 1)
    const name = (index: number): string => `documents/submit-${round}-${index}`
    const busy = await closedLoops(server, Array.from({ length: DOCUMENTS }, (_, index) => name(index)))
    const lone = await closedLoops(server, [name(DOCUMENTS)], 500)
    return {
      submit: busy.usage.mainMs / busy.operations,
      'submit.storage': (busy.usage.allMs - busy.usage.mainMs) / busy.operations,
      'submit.lone': lone.usage.mainMs / lone.operations,
      'bytes.submit': lone.sent / lone.operations,
      'bytes.ack': lone.received / lone.operations,
    }
  },
}
