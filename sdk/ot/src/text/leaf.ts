import type { Lanes } from '../hash.ts'
import type { Piece, Run } from './piece.ts'

/** Whose nodes may be changed in place: one object per document and snapshot, compared by identity. */
export type Owner = object

/** Spans that a leaf may hold before its text is built again. Building copies the leaf, so it is done once per ten edits or so. */
const MAX_SPANS = 24

/**
 * A stretch of content of at most MAX_LEAF units; only an empty document has an empty leaf.
 *
 * An edit of plain text does not build the leaf's new text. It keeps `whole` and `added`, and notes in `spans` which parts of
 * them, in order, the text now is: numbers only, so that an edit makes next to no garbage. Whoever asks for the text gets it built.
 */
export class Leaf implements Piece {
  readonly height = 0
  readonly owner: Owner
  length: number
  runs: readonly Run[] | undefined
  /** What the units add to the hash, undefined when they changed since it was computed. */
  lanes: Lanes | undefined
  /** Whether there may be surrogate pairs: text without any needs no look at where an edit cuts. Undefined: not looked for yet. */
  private astral: boolean | undefined
  private whole: string
  /**
   * Which parts of `whole` and, counted on from its end, of `added` the text is: `from << 16 | to` each. Undefined: it is `whole`.
   * Both strings together stay below 2^15 units: a leaf's worth, and at most another for each of MAX_SPANS edits.
   */
  private spans: number[] | undefined
  private added: string

  /** @param astral false where the caller knows that there is no surrogate in the text. */
  constructor(owner: Owner, piece: Piece, astral?: boolean) {
    const text = piece.text
    this.astral = astral
    this.owner = owner
    this.length = text.length
    this.runs = piece.runs
    this.lanes = undefined
    this.whole = text
    this.spans = undefined
    this.added = ''
  }

  get text(): string {
    if (this.spans !== undefined) this.build(this.spans)
    return this.whole
  }

  /** The UTF-16 unit at an offset inside the leaf, which has one there. */
  unitAt(offset: number): number {
    const spans = this.spans
    if (spans === undefined) return this.whole.charCodeAt(offset)
    let index = 0
    let place = fromOf(spans[0]!) + offset
    while (place >= toOf(spans[index]!) && index < spans.length - 1) {
      place += fromOf(spans[index + 1]!) - toOf(spans[index]!)
      index++
    }
    return place < this.whole.length ? this.whole.charCodeAt(place) : this.added.charCodeAt(place - this.whole.length)
  }

  /** Whether a cut at an offset is within a surrogate pair. One side of it tells, because content is well-formed. */
  splitsPair(offset: number): boolean {
    if (this.astral === undefined) this.astral = hasSurrogates(this.text)
    if (!this.astral) return false
    if (offset > 0) return (this.unitAt(offset - 1) & 0xfc00) === 0xd800
    return this.length > 0 && (this.unitAt(0) & 0xfc00) === 0xdc00
  }

  /** A leaf with the same content for another owner; its hash still stands. */
  copy(owner: Owner): Leaf {
    const leaf = new Leaf(owner, this, this.astral)
    leaf.lanes = this.lanes
    return leaf
  }

  set(piece: Piece): void {
    this.astral = undefined
    this.whole = piece.text
    this.spans = undefined
    this.added = ''
    this.length = this.whole.length
    this.runs = piece.runs
    this.lanes = undefined
  }

  /** Puts text without attributes in place of the `removed` units at `at`, in a leaf without attributes. */
  splice(at: number, removed: number, text: string): void {
    const spans = this.spans
    const end = this.whole.length + this.added.length
    const inserted = spanOf(end, end + text.length)
    if (spans === undefined) {
      this.spans = [spanOf(0, at), inserted, spanOf(at + removed, this.length)]
    } else {
      let index = 0
      let cut = fromOf(spans[0]!) + at
      while (cut > toOf(spans[index]!) && index < spans.length - 1) {
        cut += fromOf(spans[index + 1]!) - toOf(spans[index]!)
        index++
      }
      if (cut + removed > toOf(spans[index]!) || spans.length > MAX_SPANS - 2) {
        this.build(spans)
        return this.splice(at, removed, text)
      }
      cutSpan(spans, index, cut, removed, inserted)
    }
    this.length += text.length - removed
    this.lanes = undefined
    if (text !== '') this.added += text
    if (this.astral === false && hasSurrogates(text)) this.astral = true
  }

  private build(spans: readonly number[]): void {
    const { whole, added } = this
    let text = ''
    for (const span of spans) {
      const from = fromOf(span)
      const to = toOf(span)
      text += from < whole.length ? whole.slice(from, to) : added.slice(from - whole.length, to - whole.length)
    }
    this.whole = text
    this.spans = undefined
    this.added = ''
  }
}

/** Cuts the span at `index` where an edit is, and puts the span of what it adds, if anything, between the halves. */
function cutSpan(spans: number[], index: number, cut: number, removed: number, inserted: number): void {
  const span = spans[index]!
  const adds = fromOf(inserted) < toOf(inserted)
  const shift = adds ? 2 : 1
  for (let i = spans.length - 1; i > index; i--) spans[i + shift] = spans[i]!
  spans[index] = spanOf(fromOf(span), cut)
  if (adds) spans[index + 1] = inserted
  spans[index + shift] = spanOf(cut + removed, toOf(span))
}

function spanOf(from: number, to: number): number {
  return (from << 16) | to
}

function fromOf(span: number): number {
  return span >>> 16
}

function toOf(span: number): number {
  return span & 0xffff
}

/** Surrogates come in pairs here, so one kind is enough to look for. */
export function hasSurrogates(text: string): boolean {
  if (text.length === 1) return (text.charCodeAt(0) & 0xf800) === 0xd800
  return /[\ud800-\udbff]/.test(text)
}
