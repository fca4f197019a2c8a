import type { RunResult, Series } from '../../run/run-result.ts'
import { firstInTime } from '../words/run-wide.ts'

/** Until when something happened in a run: a world that waits for minutes to come to rest would squeeze the plots of the seconds before. */
export function busyMs({ plan, series, faults, violations, figures }: RunResult): number {
  const last = (Math.max(...movements(series)) + 1) * series.stepMs
  const planned = Math.max(plan.endMs, ...faults.slice(0, 1000).map(({ toMs }) => toMs), firstInTime(violations)?.at ?? 0)
  return Math.min(figures.virtualMs, Math.max(last, planned) * 1.1)
}

/** The last step at which each series shows that something moves; -1 where none does. */
function movements({ operations, reconnects, connections, pending, latencies }: Series): number[] {
  const changes = (values: readonly number[]): number => values.findLastIndex((value, step) => step > 0 && value !== values[step - 1])
  const measured = Object.values(latencies).map(({ p50 }) => p50.findLastIndex((value) => value !== null))
  return [operations.findLastIndex((value) => value > 0), reconnects.findLastIndex((value) => value > 0), changes(connections), changes(pending), ...measured]
}
