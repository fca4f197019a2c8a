import type { LatencySeries } from '../plan/plan.ts'
import type { RunResult, Series } from '../run/run-result.ts'
import { faultLetter } from './describe-scenario.ts'
import { LATENCY_WORDS } from './latency-words.ts'
import type { PlotLine, PlotSpec } from './plot-spec.ts'
import { firstInTime } from './run-wide.ts'
import { type Merge, stepsPerPoint, thinOut } from './thin-out.ts'
import { duration } from './words.ts'

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
  const frame = new Frame(result, comparison)
  const { series, levels } = result
  const plots = [
    frame.plot('Operations per second', 'committed to the log', '/s', [['operations', 0, ({ operations }) => operations, 'mean']]),
    ...(Object.keys(LATENCY_WORDS) as LatencySeries[]).filter((name) => hasMeasurements(series, name)).map((name) => {
      const [title, meaning] = LATENCY_WORDS[name]
      const lines = PERCENTILES.map((percentile, index): LineOf => [percentile, PERCENTILE_COLOURS[index]!, (of) => of.latencies[name]?.[percentile] ?? [], 'highest'])
      const targets = levels.filter((level) => level.series === name).map(({ percentile, atMostMs }) => ({ value: atMostMs, label: `p${percentile} target` }))
      return { ...frame.plot(title, meaning, 'ms', lines), scale: 'auto' as const, targets }
    }),
    frame.plot('Edits waiting for an acknowledgement', 'all clients together', '', [['waiting', 0, ({ pending }) => pending, 'highest']]),
    frame.plot('Connections', 'open at that moment', '', [['connections', 0, ({ connections }) => connections, 'mean']]),
    frame.plot('Reconnects', `in ${duration(series.stepMs * frame.stepsPerPoint)}`, '', [['reconnects', 0, ({ reconnects }) => reconnects, 'sum']]),
    frame.plot('Processor', 'share of each node\'s one processor', '%', cpuLines(series)),
  ]
  return plots.filter(({ lines }, index) => lines.some(({ values }) => values.some((value) => value !== null && (index === 0 || value !== 0))))
}

type LineOf = readonly [label: string, colour: number, pick: (series: Series) => readonly (number | null)[], merge: Merge]

function cpuLines({ cpu }: Series): LineOf[] {
  return Object.keys(cpu).toSorted().slice(0, 12).map((node, index) => [node, index % 6, (of) => (of.cpu[node] ?? []).map((share) => share * 100), 'mean'])
}

function hasMeasurements(series: Series, name: LatencySeries): boolean {
  return series.latencies[name]?.p50.some((value) => value !== null) ?? false
}

/** What all plots of a run share: time, fault windows, the moment of the first violation. */
class Frame {
  readonly #result: RunResult
  readonly #comparison: Comparison | undefined
  readonly #each: number
  readonly #x: readonly number[]

  constructor(result: RunResult, comparison: Comparison | undefined) {
    const steps = result.series.operations.length
    this.#result = result
    this.#comparison = comparison
    this.#each = stepsPerPoint(steps)
    this.#x = Array.from({ length: Math.ceil(steps / this.#each) }, (_, index) => (index * this.#each * result.series.stepMs) / 1000)
  }

  get stepsPerPoint(): number {
    return this.#each
  }

  plot(title: string, caption: string, unit: string, lines: readonly LineOf[]): PlotSpec {
    const { faults, violations, figures, series } = this.#result
    const end = figures.virtualMs
    const bands = faults.slice(0, MOST_BANDS).map(({ fromMs, toMs }, index) => ({ from: fromMs / 1000, to: Math.min(toMs, end) / 1000, label: faultLetter(index) }))
    const first = firstInTime(violations)
    const marks = first === undefined ? [] : [{ at: first.at / 1000, label: 'first violation' }]
    const perPoint = this.#each === 1 ? '' : `; a point stands for ${duration(this.#each * series.stepMs)}`
    return { title, caption: `${caption}${perPoint}`, unit, x: this.#x, xKind: 'time', lines: lines.flatMap((line) => this.#both(line)), bands, marks }
  }

  #both([label, colour, pick, merge]: LineOf): PlotLine[] {
    const here = { label, colour, values: this.#fit(thinOut(pick(this.#result.series), this.#each, merge)) }
    if (this.#comparison === undefined) return [here]
    const { here: name, there, result } = this.#comparison
    const values = this.#fit(atSameTimes(pick(result.series), result.series.stepMs, this.#x))
    return [{ ...here, label: `${label} ${name}` }, { label: `${label} ${there}`, colour, values, dashed: true }]
  }

  /** One value per x, whatever a series lacks at its end. */
  #fit(values: readonly (number | null)[]): (number | null)[] {
    return this.#x.map((_, index) => values[index] ?? null)
  }
}

/** The values of a series that has other steps, read at the times (seconds) of this one. */
function atSameTimes(values: readonly (number | null)[], stepMs: number, x: readonly number[]): (number | null)[] {
  return x.map((seconds) => values[Math.floor((seconds * 1000) / stepMs)] ?? null)
}
