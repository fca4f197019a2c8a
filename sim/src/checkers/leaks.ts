import type { FinalState } from './checker.ts'
import { checkerKind } from './checker-kind.ts'

/** What is over is gone. */
export const leaks = checkerKind('no leaks', 'At the end the nodes hold no more sessions than there are replicas online.', (run) => {
  // Hostile hands leave sessions open.
  const hasHostile = run.plan.world.actors.some(({ kind }) => kind === 'hostile')
  const finish = ({ replicas, sessions }: FinalState): void => {
    if (sessions === undefined || hasHostile) return
    const online = replicas.filter(({ document }) => document !== undefined && document.status.error === undefined).length
    if (sessions > online) run.violated('the nodes hold more sessions than there are replicas')
  }
  return { on: {}, finish }
})
