import type { Expectations } from '../plan/plan.ts'
import type { Sometimes } from './watch/sometimes.ts'
import type { Statistics } from './watch/statistics.ts'

interface Unmet {
  readonly checker: 'service levels' | 'seen'
  readonly message: string
}

/** What the plan wanted of this run beside what every run must show. */
export function unmetExpectations({ levels, seen }: Expectations, statistics: Statistics, sometimes: Sometimes): Unmet[] {
  const missed = levels.flatMap((level): Unmet[] => {
    const { met, measuredMs, samples } = statistics.outcome(level)
    if (met) return []
    const shown = measuredMs === undefined ? 'nothing was measured' : `${measuredMs.toFixed(1)} ms over ${samples} samples`
    return [{ checker: 'service levels', message: `${level.series} p${level.percentile} is to be at most ${level.atMostMs} ms: ${shown}` }]
  })
  const counts = sometimes.counts()
  return [...missed, ...seen.flatMap((name): Unmet[] => ((counts[name] ?? 0) > 0 ? [] : [{ checker: 'seen', message: `"${name}" was to be seen and was not` }]))]
}
