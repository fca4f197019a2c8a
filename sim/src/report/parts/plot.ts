import { dataBlock, html, type Html } from './html.ts'
import type { PlotSpec } from './plot-spec.ts'
import { amount } from '../words/words.ts'

/** A figure that the page's script draws. Without the script, the extremes are still readable. */
export function plot(spec: PlotSpec): Html {
  return html`<figure class="plot" tabindex="0" aria-label="${spec.title}: ${extremes(spec)}. Arrow keys move the reading line.">
<figcaption><strong>${spec.title}</strong>${spec.caption !== undefined && html` <span>${spec.caption}</span>`}</figcaption>
<div class="canvas"></div><noscript>${extremes(spec)}</noscript>
${dataBlock('plot', { ...spec, lines: spec.lines.map((line) => ({ ...line, values: line.values.map(short) })) })}</figure>`
}

/** `p50 3 to 17 ms; p99 ...`: what the plot shows, for those who do not see it. */
function extremes({ lines, unit }: PlotSpec): string {
  const spans = lines.map(({ label, values }) => {
    const measured = values.filter((value) => value !== null)
    if (measured.length === 0) return `${label} was never measured`
    const [low, high] = [measured.reduce((a, b) => Math.min(a, b)), measured.reduce((a, b) => Math.max(a, b))]
    return `${label} ${amount(low)} to ${amount(high)} ${unit}`.trim()
  })
  return spans.join('; ')
}

/** Four digits are more than a plot can show. */
function short(value: number | null): number | null {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(4))
}
