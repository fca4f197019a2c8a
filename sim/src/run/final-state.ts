import type { CounterName } from '@concord/server/ports'
import type { FinalState } from '../checkers/checker.ts'
import type { World } from './world.ts'

/** What the checkers look at once everything has come to rest. */
export function finalState({ actors, nodes, time, queues }: World): FinalState {
  const replicas = [...actors.values()].map(({ planned, document, isExpected }) => ({ actor: planned.name, user: planned.user, documentId: planned.document, document, expected: isExpected }))
  const counts = new Map<CounterName, number>()
  for (const node of nodes.values()) for (const [metric, count] of node.counts) counts.set(metric, (counts.get(metric) ?? 0) + count)
  return { now: time.now, replicas, counts, sessions: queues.sessions }
}
