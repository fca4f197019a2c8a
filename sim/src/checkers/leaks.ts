import { checkerKind } from './checker-kind.ts'

/** What is over is gone. */
export const leaks = checkerKind('no leaks', 'At the end the nodes hold no more sessions than there are replicas online.', (run) => ({
  on: {},
  finish: ({ replicas, sessions }) => {
    if (sessions === undefined) return
    const online = replicas.filter(({ document }) => document !== undefined && document.status.error === undefined).length
    if (sessions > online) run.violated('the nodes hold more sessions than there are replicas')
  },
}))
