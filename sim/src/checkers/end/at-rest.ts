import type { Replica } from '../checker.ts'
import { checkerKind } from '../kit/checker-kind.ts'

/** Liveness: faults end, and then so does waiting. */
export const atRest = checkerKind('online again', 'Once the faults are over everybody is online, in step with the log and without pending edits within the planned time.', (run) => ({
  on: {},
  finish: ({ replicas }) => {
    for (const replica of replicas) {
      const wrong = replica.expected ? unrest(replica, run.histories.of(replica.documentId).head) : undefined
      if (wrong !== undefined) run.violated(`somebody did not come to rest: ${wrong}\n  ${replica.actor}`)
    }
  },
}))

function unrest({ document }: Replica, head: number): string | undefined {
  if (document === undefined) return 'the document never opened'
  const { connection, pending, error } = document.status
  if (error !== undefined) return `the document was ended by ${error.reason}`
  if (connection !== 'online') return `the connection is ${connection}`
  if (pending > 0) return 'edits are pending'
  return document.version === head ? undefined : 'the version is not that of the log'
}
