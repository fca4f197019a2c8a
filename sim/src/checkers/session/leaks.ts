import type { FinalState } from '../checker.ts'
import { checkerKind } from '../kit/checker-kind.ts'

/** A node keeps the session of a client whose connection hangs until a ping stays unanswered: 25 s and 8 s more. */
const HUNG_MS = 35_000

/** What is over is gone. */
export const leaks = checkerKind('no leaks', 'At the end the nodes hold no more sessions than there are replicas online.', (run) => {
  // Hostile hands leave sessions open.
  const hasHostile = run.plan.world.actors.some(({ kind }) => kind === 'hostile')
  const mayHang = run.plan.events.some(({ kind }) => kind === 'hang' || kind === 'partition')
  const finish = ({ replicas, sessions, now }: FinalState): void => {
    if (sessions === undefined || hasHostile || (mayHang && now - run.plan.endMs < HUNG_MS)) return
    const online = replicas.filter(({ document }) => document !== undefined && document.status.error === undefined).length
    if (sessions > online) run.violated('the nodes hold more sessions than there are replicas')
  }
  return { on: {}, finish }
})
