import type { LatencySeries } from '../../plan/plan.ts'
import type { RunResult, Series } from '../../run/run-result.ts'
import { busyMs } from './busy-ms.ts'
import { faultLetter } from '../words/describe-scenario.ts'
import { LATENCY_WORDS } from '../words/latency-words.ts'
import type { PlotLine, PlotSpec } from './plot-spec.ts'
import { firstInTime } from '../words/run-wide.ts'
import { type Merge, stepsPerPoint, thinOut } from './thin-out.ts'
import { amount, duration } from '../words/words.ts'

/** A second run to lay over the first: a measurement over a prediction, a repaired build over a broken one. */
export interface Comparison {
  /** What the first run is called beside it, as `simulated`. */
  readonly here: string
  /** What this one is called, as `measured`. */
  readonly there: string
  readonly result: RunResult
}

/** Windows beyond this many are a grey wall. */
const MOST_BANDS = 120
const PERCENTILES = ['p50', 'p95', 'p99'] as const
const PERCENTILE_COLOURS = [1, 0, 3]

/** What the run did over virtual time. What was zero all the time has no plot. */
export function runPlots(result: RunResult, comparison?: Comparison): PlotSpec[] {
  const { series, levels } = result
  const plot = (title: string, caption: string, unit: string, merge: Merge, lines: readonly LineOf[]): PlotSpec => plotOf({ title, caption, unit, merge, lines }, result, comparison)
  const plots = [
    plot('Operations per second', 'committed to the log', '/s', 'mean', [['operations', 0, ({ operations }) => operations]]),
    ...(Object.keys(LATENCY_WORDS) as LatencySeries[]).filter((name) => hasMeasurements(series, name)).map((name) => {
      const [title, meaning] = LATENCY_WORDS[name]
      const lines = PERCENTILES.map((percentile, index): LineOf => [percentile, PERCENTILE_COLOURS[index]!, (of) => of.latencies[name]?.[percentile] ?? []])
      const targets = levels.filter((level) => level.series === name).map((level) => ({ value: level.atMostMs, label: targetLabel(level) }))
      return { ...plot(title, meaning, 'ms', 'highest', lines), scale: 'auto' as const, targets }
    }),
    plot('Edits waiting for an acknowledgement', 'all clients together', '', 'highest', [['waiting', 0, ({ pending }) => pending]]),
    plot('Connections', 'open at that moment', '', 'highest', [['connections', 0, ({ connections }) => connections]]),
    plot('Reconnects per second', 'connections that came back', '/s', 'mean', [['reconnects', 0, ({ reconnects }) => reconnects]]),
    plot('Processor', "share of each node's one processor", '%', 'highest', cpuLines(series)),
  ]
  return plots.filter(({ lines }, index) => lines.some(({ values }) => values.some((value) => value !== null && (index === 0 || value !== 0))))
}

/** `p95 target, 5 to 20 s`: a level may hold for a part of the run. */
function targetLabel({ percentile, fromMs, toMs }: RunResult['levels'][number]): string {
  const [from, to] = [fromMs, toMs].map((ms) => (ms === undefined ? undefined : amount(ms / 1000)))
  const part = from === undefined ? (to === undefined ? '' : `, to ${to} s`) : to === undefined ? `, from ${from} s` : `, ${from} to ${to} s`
  return `p${percentile} target${part}`
}

type LineOf = readonly [label: string, colour: number, pick: (series: Series) => readonly (number | null)[]]

interface Draft {
  readonly title: string
  readonly caption: string
  readonly unit: string
  readonly merge: Merge
  readonly lines: readonly LineOf[]
}

function cpuLines({ cpu }: Series): LineOf[] {
  return Object.keys(cpu).toSorted().slice(0, 12).map((node, index) => [node, index % 6, (of) => (of.cpu[node] ?? []).map((share) => share * 100)])
}

function hasMeasurements(series: Series, name: LatencySeries): boolean {
  return series.latencies[name]?.p50.some((value) => value !== null) ?? false
}

/** Adds what all plots of a run share: time, fault windows, the moment of the first violation. */
function plotOf({ title, caption, unit, merge, lines }: Draft, result: RunResult, comparison: Comparison | undefined): PlotSpec {
  const { series, faults, violations, figures, plan } = result
  const until = Math.max(busyMs(result), comparison === undefined ? 0 : busyMs(comparison.result))
  const steps = Math.min(series.operations.length, Math.ceil(until / series.stepMs))
  const each = stepsPerPoint(lines.map(([, , pick]) => pick(series).slice(0, steps)), merge)
  const x = Array.from({ length: Math.ceil(steps / each) }, (_, index) => (index * each * series.stepMs) / 1000)
  const end = figures.virtualMs
  const bands = faults.slice(0, MOST_BANDS).map(({ fromMs, toMs }, index) => ({ from: fromMs / 1000, to: Math.min(toMs, end) / 1000, label: faultLetter(index) }))
  const first = firstInTime(violations)
  const healed = plan.endMs < until ? [{ at: plan.endMs / 1000, label: faults.length > 0 ? 'all heals' : 'typing ends', tone: 'quiet' as const }] : []
  const drawn = lines.flatMap((line): PlotLine[] => {
    const here = { label: line[0], colour: line[1], values: onAxis(line, series, { x, each, merge }) }
    if (comparison === undefined) return [here]
    const there = comparison.result.series
    const theirEach = Math.max(1, Math.round((each * series.stepMs) / there.stepMs))
    const values = onAxis(line, there, { x, each: theirEach, merge })
    return [{ ...here, label: `${here.label} ${comparison.here}` }, { label: `${here.label} ${comparison.there}`, colour: here.colour, values, dashed: true }]
  })
  const meaning = merge === 'highest' && each > 1 ? `${caption}; the worst of each ${duration(each * series.stepMs)}` : caption
  return { title, caption: meaning, unit, x, xKind: 'time', lines: drawn, bands, marks: [...healed, ...(first === undefined ? [] : [{ at: first.at / 1000, label: 'first violation' }])] }
}

/** A line's values at the times of the axis (seconds), whatever the steps of its run are. */
function onAxis([, , pick]: LineOf, series: Series, { x, each, merge }: { readonly x: readonly number[]; readonly each: number; readonly merge: Merge }): (number | null)[] {
  const values = thinOut(pick(series), each, merge)
  // Half a step keeps rounding from reading the point before.
  return x.map((seconds) => values[Math.floor((seconds * 1000 + series.stepMs / 2) / (each * series.stepMs))] ?? null)
}
