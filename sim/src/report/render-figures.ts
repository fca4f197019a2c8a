import { html, type Html } from './parts/html.ts'
import { page } from './parts/page.ts'
import type { PlotSpec } from './parts/plot-spec.ts'
import { plot } from './parts/plot.ts'
import { type Column, type Row, table } from './parts/table.ts'

/** A page of figures, as of a capacity plan: an answer, then sections of sentences, tables and plots, then what is taken for granted. */
export interface FiguresPage {
  readonly title: string
  /** A line above the answer: what this page is. */
  readonly kicker: string
  /** The answer, in one sentence. */
  readonly answer: string
  readonly lead?: string
  readonly sections: readonly FiguresSection[]
  readonly assumptions: readonly string[]
  /** Build, machine, date. */
  readonly origin?: string
}

export interface FiguresSection {
  readonly heading: string
  readonly sentences?: readonly string[]
  readonly tables?: readonly { readonly caption: string; readonly columns: readonly Column[]; readonly rows: readonly Row[] }[]
  readonly plots?: readonly PlotSpec[]
}

/** One self-contained HTML file. */
export function renderFigures({ title, kicker, answer, lead, sections, assumptions, origin }: FiguresPage): string {
  const granted = html`<ul class="plain">${assumptions.map((assumption) => html`<li>${assumption}</li>`)}</ul>`
  return page({
    title,
    header: html`<p class="kicker">${kicker}</p><h1>${answer}</h1>${lead !== undefined && html`<p class="lead">${lead}</p>`}${origin !== undefined && html`<p class="note">${origin}</p>`}`,
    sections: [
      ...sections.map((section, index) => ({ id: `part-${index + 1}`, heading: section.heading, body: body(section) })),
      { id: 'granted', heading: 'Taken for granted', body: granted },
    ],
  })
}

function body({ sentences = [], tables = [], plots = [] }: FiguresSection): Html {
  return html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}${tables.map(({ caption, columns, rows }) => table(caption, columns, rows))}
${plots.length > 0 && html`<div class="plots">${plots.map(plot)}</div>`}`
}
