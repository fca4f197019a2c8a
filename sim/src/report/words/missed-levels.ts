import type { LevelOutcome, RunResult } from '../../run/run-result.ts'
import { faultsAt } from './first-violation.ts'
import { LATENCY_WORDS } from './latency-words.ts'
import { amount, count, duration, list, moment } from './words.ts'

/** One sentence or two per service level that was missed: by how much, when it was worst, and what was the matter then. */
export function missedLevels(result: RunResult): string[] {
  return result.levels.filter(({ met }) => !met).map((level) => missed(level, result))
}

function missed(level: LevelOutcome, result: RunResult): string {
  const { series, percentile, atMostMs, measuredMs, samples } = level
  const [title, meaning] = LATENCY_WORDS[series]
  const target = `${title} (${meaning}): p${percentile} was to be at most ${duration(atMostMs)}`
  if (measuredMs === undefined) return `${target}, and nothing was measured.`
  return `${target} and was ${duration(measuredMs)} over ${count(samples, 'sample')}.${worstStep(level, result)}`
}

/** When the level was at its worst, and what was the matter then: faults, a processor that had no time left. */
function worstStep({ series, percentile }: LevelOutcome, { series: { latencies, stepMs, cpu }, faults }: RunResult): string {
  const values = latencies[series]?.[percentile === 50 ? 'p50' : percentile === 95 ? 'p95' : 'p99'] ?? []
  const worst = values.reduce<number>((best, value, step) => ((value ?? -1) > (values[best] ?? -1) ? step : best), 0)
  const value = values[worst]
  if (value === null || value === undefined) return ''
  const at = worst * stepMs
  const busy = Object.entries(cpu).filter(([, shares]) => (shares[worst] ?? 0) >= 0.9).map(([node, shares]) => `the processor of ${node} was ${amount(Math.round((shares[worst] ?? 0) * 100))} % busy`)
  const matter = [...busy, ...faultsAt(faults, at).slice(0, 4).map(({ what }) => `“${what}” was at work`)]
  return ` It was worst at ${moment(at)}, with ${duration(value)}${matter.length > 0 ? `: ${list(matter)} then` : ''}.`
}
