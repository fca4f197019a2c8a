import { checkerKind } from '../kit/checker-kind.ts'

/** R17. Submits by calls of their own may meet a server that is another one by now; a stream may not. */
export const liveSessions = checkerKind('live sessions', 'An owner never forgets a session whose stream lives (R17).', (run) => {
  const streams = new Set(run.plan.world.actors.filter(({ kind, unary }) => kind !== 'hostile' && !unary).map(({ name }) => name))
  return {
    on: {
      ended: ({ actor, reason }) => {
        if (reason === 'SESSION_UNKNOWN' && streams.has(actor)) run.violated('an owner forgot a live session (R17)')
      },
    },
  }
})
