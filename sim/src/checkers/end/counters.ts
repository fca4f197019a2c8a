import type { CounterName } from '@concord/server/ports'
import { checkerKind } from '../kit/checker-kind.ts'

/** What the server itself takes for a fault. */
export const counters = checkerKind('counters', 'The server counts no reused numbers, forked histories or divergence but those that were planned.', (run) => {
  const { expect, events, world } = run.plan
  const planned = (...kinds: readonly string[]): boolean => events.some(({ kind }) => kinds.includes(kind))
  const hostile = world.actors.some(({ kind }) => kind === 'hostile')
  const unexpected: readonly (readonly [CounterName, boolean])[] = [
    ['seq_reused_total', hostile],
    ['history_forked_total', hostile || expect.mayLoseTail],
    ['divergence_total', hostile || expect.mayLoseTail || planned('corrupt', 'distrust')],
  ]
  return {
    on: {},
    finish: ({ counts }) => {
      for (const [metric, isPlanned] of unexpected) if (!isPlanned && (counts.get(metric) ?? 0) > 0) run.violated(`${metric} is not zero, and nothing planned it`)
    },
  }
})
