import uPlot from 'uplot'
import type { PlotSpec } from '../parts/plot-spec.ts'
import { readData, token } from './dom.ts'
import { drawBands, drawMarks } from './plot-marks.ts'

const HEIGHT = 210
const SYNC = 'time'

/** Draws every plot of the page, and again when its width, the theme or the medium changes. */
export function drawPlots(): void {
  const plots = [...document.querySelectorAll<HTMLElement>('.plot')].map((figure) => new Figure(figure))
  const redraw = (): void => plots.forEach((plot) => plot.draw())
  redraw()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
  addEventListener('beforeprint', () => {
    document.documentElement.dataset['theme'] = 'light'
    redraw()
  })
  addEventListener('afterprint', () => {
    delete document.documentElement.dataset['theme']
    redraw()
  })
}

class Figure {
  readonly #figure: HTMLElement
  readonly #canvas: HTMLElement
  readonly #spec: PlotSpec
  #plot: uPlot | undefined

  constructor(figure: HTMLElement) {
    this.#figure = figure
    this.#canvas = figure.querySelector<HTMLElement>('.canvas')!
    this.#spec = readData<PlotSpec>(figure, 'plot')
    figure.addEventListener('keydown', (event) => this.#key(event))
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#width, height: HEIGHT })).observe(figure)
  }

  get #width(): number {
    return Math.max(240, this.#canvas.clientWidth)
  }

  draw(): void {
    this.#plot?.destroy()
    const data = [this.#spec.x, ...this.#spec.lines.map(({ values }) => values)] as unknown as uPlot.AlignedData
    this.#plot = new uPlot(optionsOf(this.#spec, this.#width), isLogarithmic(this.#spec) ? positive(data) : data, this.#canvas)
    this.#figure.dataset['drawn'] = 'true'
  }

  /** Moves the reading line by one point, with shift by ten. */
  #key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const plot = this.#plot
    if (step === 0 || plot === undefined) return
    event.preventDefault()
    const at = (plot.cursor.idx ?? (step > 0 ? -1 : this.#spec.x.length)) + step * (event.shiftKey ? 10 : 1)
    const x = this.#spec.x[Math.min(Math.max(at, 0), this.#spec.x.length - 1)] ?? 0
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: plot.over.clientHeight / 2 })
  }
}

function optionsOf(spec: PlotSpec, width: number): uPlot.Options {
  const logarithmic = isLogarithmic(spec)
  const axis = { stroke: token('--muted'), grid: { stroke: token('--line'), width: 1 }, ticks: { stroke: token('--line'), size: 4 }, font: `12px ${token('--font')}` }
  const time = spec.xKind === 'time'
  return {
    width,
    height: HEIGHT,
    padding: [18, 18, 0, 0],
    cursor: { ...(time ? { sync: { key: SYNC, scales: ['x', null] } } : {}), drag: { x: true, y: false }, y: false, points: { size: 6 } },
    legend: { live: true, markers: legendMarkers(spec) },
    scales: { x: { time: false, range: (_, low, high) => [low, high > low ? high : low + 1] }, y: logarithmic ? { distr: 3 } : { range: fromZero(spec) } },
    axes: [
      { ...axis, size: 30, space: 64, values: (_, splits) => splits.map((value) => (time ? clock(value, spec.x.at(-1) ?? 0) : compact(value))) },
      { ...axis, size: 62, values: (_, splits) => splits.map((value) => (value === null ? '' : inUnit(value, spec.unit))), ...(logarithmic ? tens(axis) : {}) },
    ],
    series: [
      { label: time ? 'at' : spec.xKind, value: (_, value) => (value === null ? '–' : time ? `${value.toFixed(1)} s` : compact(value)) },
      ...spec.lines.map(({ label, colour, dashed }): uPlot.Series => ({
        label,
        stroke: token(`--line-${colour % 6}`),
        width: colour === 3 ? 2 : 1.5,
        ...(dashed === true ? { dash: [6, 4] } : {}),
        spanGaps: false,
        points: lonelyPoints(spec.lines.map(({ values }) => values)),
        value: (_, value) => (value === null ? '–' : inUnit(value, spec.unit)),
      })),
    ],
    hooks: { drawClear: [(plot) => drawBands(plot, spec)], draw: [(plot) => drawMarks(plot, spec)] },
  }
}

/** Filled for this run, an empty dashed frame for the one beside it. */
function legendMarkers({ lines }: PlotSpec): uPlot.Legend.Markers {
  const colour = (index: number): string => token(`--line-${(lines[index - 1]?.colour ?? 0) % 6}`)
  const dashed = (index: number): boolean => lines[index - 1]?.dashed === true
  return { width: (_, index) => (dashed(index) ? 2 : 0), dash: 'dashed', stroke: (_, index) => colour(index), fill: (_, index) => (dashed(index) ? 'transparent' : colour(index)) }
}

/** Latencies of 5 ms and of 30 s stand in one plot: only a logarithmic scale shows both. */
function isLogarithmic({ scale = 'linear', lines }: PlotSpec): boolean {
  if (scale !== 'auto') return scale === 'logarithmic'
  const values = lines.flatMap((line) => line.values).filter((value) => value !== null && value > 0) as number[]
  const [low, high] = [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), 0)]
  return high > low * 100
}

/** A logarithmic scale has no zero: what is below a tenth stands at a tenth. */
function positive(data: uPlot.AlignedData): uPlot.AlignedData {
  const [x, ...lines] = data
  return [x, ...lines.map((line) => Array.from(line, (value) => (value === null || value === undefined ? null : Math.max(value, 0.1))))] as uPlot.AlignedData
}

function fromZero({ targets = [], unit }: PlotSpec): uPlot.Range.Function {
  const target = targets.reduce((highest, { value }) => Math.max(highest, value), 0)
  const least = unit === '%' ? 100 : target * 1.1
  return (_, low, high) => [Math.min(0, low), Math.max(high * 1.08, least, 1)]
}

/** Seconds as a clock would show them, in the unit that the length of the run asks for. */
function clock(seconds: number, end: number): string {
  if (end <= 300) return `${Number(seconds.toFixed(3))} s`
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.round(seconds % 60)]
  const two = (value: number): string => String(value).padStart(2, '0')
  return end <= 7200 ? `${hours * 60 + minutes}:${two(rest)} min` : `${hours}:${two(minutes)} h`
}

function compact(value: number): string {
  if (Math.abs(value) >= 10_000) return new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(value)
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 2 })
}

function inUnit(value: number, unit: string): string {
  if (unit === 'ms' && value >= 1000) return `${compact(value / 1000)}\u00A0s`
  return unit === '' ? compact(value) : `${compact(value)}${unit === '%' || unit === '/s' ? '' : '\u00A0'}${unit}`
}

/** Nine lines per power of ten are noise. */
function tens(axis: uPlot.Axis): Partial<uPlot.Axis> {
  const filter = (_: uPlot, splits: number[]): (number | null)[] => splits.map((value) => (Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) ? value : null))
  return { filter, grid: { ...axis.grid, filter }, ticks: { ...axis.ticks, filter } }
}

/** A value between two gaps has no line: without a point nobody would see it. */
function lonelyPoints(lines: readonly (readonly (number | null)[])[]): uPlot.Series.Points {
  const missing = (value: number | null | undefined): boolean => value === null || value === undefined
  return {
    show: true,
    size: 5,
    filter: (_, series) => {
      const values = lines[series - 1] ?? []
      return values.flatMap((value, index) => (!missing(value) && missing(values[index - 1]) && missing(values[index + 1]) ? [index] : []))
    },
  }
}
