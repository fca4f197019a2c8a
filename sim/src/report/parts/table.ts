import { type Content, html, type Html } from './html.ts'

export interface Column {
  readonly heading: string
  /** Figures stand at the right, so that their digits line up. */
  readonly figures?: boolean
}

export interface Row {
  readonly cells: readonly Content[]
  /** Rows that people should look at. */
  readonly tone?: 'bad' | 'quiet'
}

/** A table with a caption for those who do not see it. Scrolls sideways by itself where the page is narrow. */
export function table(caption: string, columns: readonly Column[], rows: readonly Row[]): Html {
  const head = columns.map(({ heading, figures }) => html`<th scope="col"${figures === true && html` class="figures"`}>${heading}</th>`)
  const line = ({ cells, tone }: Row): Html => html`<tr${tone !== undefined && html` class="${tone}"`}>${cells.map((cell, index) => tableCell(cell, columns[index], index))}</tr>\n`
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table><caption class="sr">${caption}</caption><thead><tr>${head}</tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`
}

function tableCell(cell: Content, column: Column | undefined, index: number): Html {
  if (index === 0) return html`<th scope="row">${cell}</th>`
  return html`<td${column?.figures === true && html` class="figures"`} data-heading="${column?.heading ?? ''}">${cell}</td>`
}
