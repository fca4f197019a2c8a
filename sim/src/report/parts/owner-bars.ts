import type { OwnerSpan, RunResult } from '../../run/run-result.ts'
import { html, type Html } from './html.ts'
import { type Overlap, overlapsOf } from '../words/overlaps.ts'
import { firstInTime } from '../words/run-wide.ts'
import { amount, count, duration, moment } from '../words/words.ts'

/** Documents that are drawn; those with two owners at once come first. */
const MOST_DOCUMENTS = 24
const MOST_SPANS = 200
const MOST_SENTENCES = 6
/** Share of the width below which an overlap has no room for words. */
const LABEL_SHARE = 0.08

/** Which node ruled which document when. Two bars above each other are two owners at once. */
export function ownerBars({ owners, figures, violations }: RunResult): Html {
  const overlaps = overlapsOf(owners)
  const torn = new Set(overlaps.map(({ document }) => document))
  const documents = [...Map.groupBy(owners, ({ document }) => document)].toSorted(([a, spansA], [b, spansB]) => Number(torn.has(b)) - Number(torn.has(a)) || spansB.length - spansA.length)
  const shown = documents.slice(0, MOST_DOCUMENTS)
  const nodes = [...new Set(owners.map(({ node }) => node))].toSorted()
  const endMs = Math.max(figures.virtualMs, 1)
  const left = documents.length - shown.length
  return html`<p>${summary(documents.length, overlaps, torn.size)}</p>
${overlaps.length > 0 && html`<ul class="overlaps">${overlaps.slice(0, MOST_SENTENCES).map((overlap) => html`<li>${inWords(overlap)}</li>`)}</ul>`}
${overlaps.length > MOST_SENTENCES && html`<p class="note">And ${amount(overlaps.length - MOST_SENTENCES)} more, framed in red below.</p>`}
<div class="owners">${shown.map(([document, spans]) => documentRow(document, spans, overlaps, { nodes, endMs, violatedAt: firstInTime(violations)?.at }))}
<div class="owner-axis" aria-hidden="true"><span></span><span class="owner-scale"><i>0</i><i>${moment(endMs / 2)}</i><i>${moment(endMs)}</i></span></div></div>
<p class="note">Each bar is one epoch: from the claim of the log to the moment the node knew that it had lost it.
${nodes.map((node, index) => html`<span class="key"><i class="node-${index % 6}"></i>${node}</span> `)}
${left > 0 && html`${count(left, 'document')} with one owner at a time ${left === 1 ? 'is' : 'are'} left out.`}</p>`
}

function summary(documents: number, overlaps: readonly Overlap[], torn: number): string {
  if (overlaps.length === 0) return `At every moment ${documents === 1 ? 'the document' : `each of the ${count(documents, 'document')}`} had one owner at most: no split brain.`
  return `Split brain: in ${count(torn, 'document')} two nodes took themselves for the owner at the same time. ` +
    `That alone loses nothing, as long as the log takes appends of the newest epoch alone; the promises above say whether it did.`
}

function inWords({ document, older, newer, fromMs, toMs }: Overlap): Html {
  return html`<strong>${document}</strong>: ${older.node} (epoch ${older.epoch}) and ${newer.node} (epoch ${newer.epoch}) both ruled
from ${moment(fromMs)} to ${moment(toMs)}, for ${duration(toMs - fromMs)}. In all, ${older.node} committed ${count(older.committed, 'version')} under its epoch and ${newer.node} ${amount(newer.committed)}.`
}

interface Frame {
  readonly nodes: readonly string[]
  readonly endMs: number
  readonly violatedAt: number | undefined
}

function documentRow(document: string, spans: readonly OwnerSpan[], overlaps: readonly Overlap[], { nodes, endMs, violatedAt }: Frame): Html {
  const levels = stack(spans.slice(0, MOST_SPANS))
  const height = Math.max(1, ...levels.map(({ level }) => level + 1))
  const place = (fromMs: number, toMs: number): string => `left:${percent(fromMs, endMs)};width:${percent(toMs - fromMs, endMs)}`
  const bar = ({ span, level }: Stacked): Html =>
    html`<i class="bar node-${nodes.indexOf(span.node) % 6}" style="${place(span.fromMs, span.toMs)};top:${level * 22}px"
title="${span.node}, epoch ${span.epoch}: ${moment(span.fromMs)} to ${moment(span.toMs)}, ${count(span.committed, 'version')}"><b>${span.node} · epoch ${span.epoch}</b></i>`
  const both = overlaps.filter((overlap) => overlap.document === document)
  return html`<div class="owner-row" role="img" aria-label="${document}: ${spanWords(spans)}${both.length > 0 && `; ${count(both.length, 'overlap')}`}">
<span class="owner-name">${document}</span>
<span class="owner-bars" style="height:${height * 22 + (both.length > 0 ? 20 : 0)}px">${levels.map(bar)}
${both.map(({ fromMs, toMs }) => html`<i class="torn" style="${place(fromMs, toMs)}">${(toMs - fromMs) / endMs >= LABEL_SHARE && html`<b>two owners</b>`}</i>`)}${
    violatedAt !== undefined && html`<i class="violated" style="left:${percent(violatedAt, endMs)}"></i>`
  }</span></div>\n`
}

function spanWords(spans: readonly OwnerSpan[]): string {
  const words = spans.slice(0, 8).map(({ node, epoch, fromMs, toMs }) => `${node} epoch ${epoch} from ${moment(fromMs)} to ${moment(toMs)}`)
  return words.join(', ') + (spans.length > 8 ? ` and ${spans.length - 8} more` : '')
}

interface Stacked {
  readonly span: OwnerSpan
  readonly level: number
}

/** The lowest level that is free: what overlaps stands above each other. */
function stack(spans: readonly OwnerSpan[]): Stacked[] {
  const ends: number[] = []
  return spans.toSorted((a, b) => a.fromMs - b.fromMs || a.epoch - b.epoch).map((span) => {
    const free = ends.findIndex((end) => end <= span.fromMs)
    const level = free < 0 ? ends.length : free
    ends[level] = span.toMs
    return { span, level }
  })
}

function percent(ms: number, endMs: number): string {
  return `${((100 * Math.min(Math.max(ms, 0), endMs)) / endMs).toFixed(3)}%`
}
