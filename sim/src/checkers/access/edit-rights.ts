import { checkerKind } from '../kit/checker-kind.ts'

/** A role that was taken away is asked for again within this (limits: `roleCacheMs`), and a little more for the way to the log. Milliseconds. */
const WITHIN_MS = 6_500

/** Only editors write. Judged by when the operation was sequenced, which its row says; a row may reach the log much later. */
export const editRights = checkerKind('edit rights', 'No operation is taken from a user whose role does not allow editing since more than 5 s.', (run) => {
  const { world, events } = run.plan
  /** Document and user, with the time at which the right to edit was lost. */
  const without = new Map<string, number>()
  // Times of rows are those of the node's wall clock: nodes whose clock jumps are left out, planned skew is taken off.
  const jumping = new Set(events.flatMap((event) => (event.kind === 'clock' ? [event.node] : [])))
  const skews = new Map(world.nodes.map(({ name, skewMs }) => [name, skewMs]))
  /** Wall time at the begin of the run, at most: nothing is in the log before it was taken. */
  let beganAt = Number.NEGATIVE_INFINITY
  return {
    on: {
      role: ({ document, user, role }) => {
        const key = `${document} ${user}`
        if (role === 'editor' || role === 'owner') without.delete(key)
        else if (!without.has(key)) without.set(key, run.now())
      },
      appended: ({ node, document, records, outcome }) => {
        if (outcome !== 'committed' || jumping.has(node)) return
        const skew = skews.get(node) ?? 0
        for (const { userId, at } of records) {
          beganAt = Math.max(beganAt, at - skew - run.now())
          const since = without.get(`${document} ${userId}`)
          if (since !== undefined && at - skew - beganAt > since + WITHIN_MS) run.violated('an operation was taken from a user who may not edit')
        }
      },
    },
  }
})
