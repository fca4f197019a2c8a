import type uPlot from 'uplot'
import type { PlotSpec } from '../parts/plot-spec.ts'
import { token } from './dom.ts'

/** Shades the bands behind the lines, each with its label where there is room for one. */
export function drawBands(plot: uPlot, { bands = [] }: PlotSpec): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  let free = -Infinity
  ctx.save()
  ctx.font = `600 ${11 * ratio}px ${token('--font')}`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  for (const { from, to, label } of bands.toSorted((a, b) => a.from - b.from)) {
    const [left, right] = [from, to].map((x) => Math.min(Math.max(plot.valToPos(x, 'x', true), bbox.left), bbox.left + bbox.width)) as [number, number]
    if (to < (plot.scales['x']?.min ?? -Infinity) || from > (plot.scales['x']?.max ?? Infinity)) continue
    ctx.fillStyle = token('--shade')
    ctx.fillRect(left, bbox.top, Math.max(right - left, 1.5 * ratio), bbox.height)
    const start = Math.max(left + ratio, free)
    const end = start + ctx.measureText(label).width
    if (start > left + ratio && end > right) continue
    ctx.fillStyle = token('--muted')
    ctx.fillText(label, start, bbox.top - 5 * ratio)
    free = end + 5 * ratio
  }
  ctx.restore()
}

/** Lines over everything: targets across, marked moments down. */
export function drawMarks(plot: uPlot, { marks = [], targets = [] }: PlotSpec): void {
  const { ctx, bbox } = plot
  const ratio = devicePixelRatio
  ctx.save()
  ctx.font = `600 ${11 * ratio}px ${token('--font')}`
  ctx.textBaseline = 'alphabetic'
  let last = Infinity
  for (const { value, label } of targets.toSorted((a, b) => a.value - b.value)) {
    const y = plot.valToPos(value, 'y', true)
    if (y < bbox.top || y > bbox.top + bbox.height) continue
    line(ctx, token('--ok'), [4 * ratio, 4 * ratio], [bbox.left, y], [bbox.left + bbox.width, y])
    ctx.textAlign = 'right'
    if (last - y > 12 * ratio) ctx.fillText(label, bbox.left + bbox.width - 2 * ratio, y - 3 * ratio)
    last = y
  }
  for (const { at, label, tone } of marks) {
    const x = plot.valToPos(at, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    line(ctx, token(tone === 'quiet' ? '--muted' : '--bad'), tone === 'quiet' ? [2 * ratio, 3 * ratio] : [], [x, bbox.top - 3 * ratio], [x, bbox.top + bbox.height])
    const atRight = x > bbox.left + bbox.width / 2
    ctx.textAlign = atRight ? 'right' : 'left'
    ctx.fillText(label, x + (atRight ? -4 : 4) * ratio, tone === 'quiet' ? bbox.top + bbox.height - 4 * ratio : bbox.top + 10 * ratio)
  }
  ctx.restore()
}

function line(ctx: CanvasRenderingContext2D, colour: string, dash: number[], from: readonly [number, number], to: readonly [number, number]): void {
  ctx.strokeStyle = ctx.fillStyle = colour
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash(dash)
  ctx.beginPath()
  ctx.moveTo(...from)
  ctx.lineTo(...to)
  ctx.stroke()
}
