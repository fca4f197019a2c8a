import type { LevelOutcome } from '../../run/run-result.ts'
import type { Level } from '../../plan/plan.ts'
import { html, type Html } from './html.ts'
import { LATENCY_WORDS } from '../words/latency-words.ts'
import type { Comparison } from './run-plots.ts'
import { table } from './table.ts'
import { amount, clockOf, difference, duration, moment } from '../words/words.ts'

/** What was promised of waiting times, and what was measured; beside another run where there is one. */
export function serviceLevels(levels: readonly LevelOutcome[], level: Level, comparison?: Comparison): Html {
  if (levels.length === 0) return html`<p>The scenario asks for none.</p>`
  const there = comparison?.result.levels
  const rows = levels.map((one, index) => {
    const other = sameLevel(one, there?.[index])
    const cells = [LATENCY_WORDS[one.series][0], `${shareInWords(one.percentile)} within ${duration(one.atMostMs)}`, when(one), measured(one), amount(one.samples), met(one)]
    return { cells: there === undefined ? cells : [...cells, other === undefined ? '–' : measured(other), difference(one.measuredMs, other?.measuredMs)], ...(one.met ? {} : { tone: 'bad' as const }) }
  })
  const columns = [{ heading: 'What takes time' }, { heading: 'Promised' }, { heading: 'When' }, { heading: comparison?.here ?? 'Measured', figures: true }, { heading: 'Samples', figures: true }, { heading: 'Kept' }]
  const series = [...new Set(levels.map((one) => one.series))]
  return html`${table('Service levels', comparison === undefined ? columns : [...columns, { heading: comparison.there, figures: true }, { heading: 'Difference', figures: true }], rows)}
<p class="note">${series.map((name) => LATENCY_WORDS[name].join(': ')).join('. ')}. All by ${clockOf(level)}.</p>`
}

/** `99 of 100`: what a percentile means to somebody who does not know the word. */
export function shareInWords(percentile: LevelOutcome['percentile']): string {
  return percentile === 99.9 ? '999 of 1,000' : `${percentile} of 100`
}

/** Levels of two runs of one plan stand in one order; times may have been shortened for one of them. */
function sameLevel({ series, percentile }: LevelOutcome, other: LevelOutcome | undefined): LevelOutcome | undefined {
  return other?.series === series && other.percentile === percentile ? other : undefined
}

function when({ fromMs, toMs }: LevelOutcome): string {
  if (fromMs === undefined && toMs === undefined) return 'the whole run'
  if (toMs === undefined) return `from ${moment(fromMs ?? 0)} on`
  return fromMs === undefined ? `up to ${moment(toMs)}` : `${moment(fromMs)} to ${moment(toMs)}`
}

function measured({ measuredMs, percentile }: LevelOutcome): string {
  return measuredMs === undefined ? 'nothing measured' : `p${percentile} ${duration(measuredMs)}`
}

function met({ met: isMet, measuredMs }: LevelOutcome): Html {
  return isMet ? html`<span class="ok">kept</span>` : html`<span class="bad">${measuredMs === undefined ? 'could not tell' : 'missed'}</span>`
}
