import type { Lanes } from '../hash.ts'
import type { Piece, Run } from './piece.ts'

/** Whose nodes may be changed in place: one object per document and snapshot, compared by identity. */
export type Owner = object

/** Strings that a leaf may hold before they are joined. Joining copies the leaf, so it is done once per so many edits. */
const MAX_PARTS = 12

/**
 * A stretch of content of at most MAX_LEAF units; only an empty document has an empty leaf.
 *
 * An edit of plain text does not build the leaf's new text: it cuts one part in two and puts the inserted text between, which
 * an engine does without copying. Whoever asks for the text gets the parts joined.
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
  private parts: string[] | undefined

  /** @param astral false where the caller knows that there is no surrogate in the text. */
  constructor(owner: Owner, piece: Piece, astral?: boolean) {
    const text = piece.text
    this.astral = astral
    this.owner = owner
    this.length = text.length
    this.runs = piece.runs
    this.lanes = undefined
    this.whole = text
    this.parts = undefined
  }

  get text(): string {
    if (this.parts !== undefined) {
      this.whole = this.parts.join('')
      this.parts = undefined
    }
    return this.whole
  }

  /** The UTF-16 unit at an offset inside the leaf. */
  unitAt(offset: number): number {
    if (this.parts === undefined) return this.whole.charCodeAt(offset)
    let index = 0
    let start = 0
    while (start + this.parts[index]!.length <= offset) start += this.parts[index++]!.length
    return this.parts[index]!.charCodeAt(offset - start)
  }

  /** Whether a cut at an offset is within a surrogate pair. One side of it tells, because content is well-formed. */
  splitsPair(offset: number): boolean {
    if (this.astral === undefined) this.astral = hasSurrogates(this.text)
    if (!this.astral || this.length === 0) return false
    if (offset > 0) return (this.unitAt(offset - 1) & 0xfc00) === 0xd800
    return (this.unitAt(0) & 0xfc00) === 0xdc00
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
    this.parts = undefined
    this.length = this.whole.length
    this.runs = piece.runs
    this.lanes = undefined
  }

  /** Puts text without attributes in place of the `removed` units at `at`, in a leaf without attributes. */
  splice(at: number, removed: number, text: string): void {
    const parts = (this.parts ??= [this.whole])
    let index = 0
    let start = 0
    while (start + parts[index]!.length < at) start += parts[index++]!.length
    const part = parts[index]!
    const from = at - start
    if (from + removed > part.length) return this.set({ text: this.text.slice(0, at) + text + this.text.slice(at + removed), runs: undefined })
    this.length += text.length - removed
    this.lanes = undefined
    if (this.astral === false && hasSurrogates(text)) this.astral = true
    putParts(parts, index, part.slice(0, from), text, part.slice(from + removed))
    if (parts.length > MAX_PARTS) this.parts = [parts.join('')]
  }
}

/** Puts what is not empty of three parts in place of the part at `index`. */
function putParts(parts: string[], index: number, head: string, middle: string, tail: string): void {
  const count = Math.min(head.length, 1) + Math.min(middle.length, 1) + Math.min(tail.length, 1)
  if (count > 1) for (let i = parts.length - 1; i > index; i--) parts[i + count - 1] = parts[i]!
  let at = index
  if (head !== '') parts[at++] = head
  if (middle !== '') parts[at++] = middle
  if (tail !== '') parts[at++] = tail
  if (count === 0) parts.splice(index, 1, ...(parts.length === 1 ? [''] : []))
}

/** Surrogates come in pairs here, so one kind is enough to look for. */
export function hasSurrogates(text: string): boolean {
  if (text.length === 1) return (text.charCodeAt(0) & 0xf800) === 0xd800
  return /[\ud800-\udbff]/.test(text)
}
