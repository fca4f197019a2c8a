import { add } from '../hash-field.ts'
import { type ContentHash, formatHash } from '../hash.ts'
import type { Attributes, Operation } from '../operation.ts'
import { readComponents } from '../read-components.ts'
import type { ApplyFailure } from './apply-failure.ts'
import { checkOperation, isWhole } from './check-operation.ts'
import { chunkContent } from './chunk-content.ts'
import { invertOperation } from './invert-operation.ts'
import { EMPTY_PIECE, embedPiece, type Piece, runsOf, textPiece } from './piece.ts'
import { Rope } from './rope.ts'
import { EmbedUnit, PLAIN, StyleChange, styleOf } from './style.ts'
import { TypingBuffer } from './typing-buffer.ts'
import { equalTrees, pieces, type TextRun, textRuns } from './walk.ts'
import { contentOperation } from './write-content.ts'

/** Units per chunk where the caller does not say: as many as a frame can hold when all are ASCII. */
const DEFAULT_CHUNK_UNITS = 240 * 1024

const INSERT_TAG = 1
const DELETE_TAG = 2

/**
 * The content of a document: UTF-16 units and embeds (length 1) with attributes, in a tree of small leaves.
 *
 * Costs, for n units: an edit at the place of the last one O(1), anywhere else O(log n); `snapshot()` O(1), nodes are shared
 * until either side touches them; `hash()` O(changed leaves * log n), so typing costs nothing until somebody asks.
 *
 * Laws, tested in document-text.test.ts: a failed apply changes nothing; `apply(op)` then `apply(inverse)` gives equal content
 * and an equal hash, where the inverse is `invert(op)` taken before; contents are equal when their runs are, and then so are their hashes.
 */
export class DocumentText {
  private readonly rope: Rope
  private typing: TypingBuffer | undefined = undefined

  private constructor(rope: Rope) {
    this.rope = rope
  }

  static empty(): DocumentText {
    return new DocumentText(new Rope())
  }

  /** The document that `content` inserts. Throws RangeError when it is not an insert-only operation with base length 0. */
  static from(content: Operation): DocumentText {
    return DocumentText.fromChunks([content])
  }

  /** The document that is these contents one after the other: the inverse of {@link chunks}. */
  static fromChunks(contents: Iterable<Operation>): DocumentText {
    const document = DocumentText.empty()
    for (const content of contents) document.append(content)
    return document
  }

  /** Units of the document: UTF-16 code units, and 1 for each embed. */
  get length(): number {
    return this.typing === undefined ? this.rope.length : this.rope.length + this.typing.growth
  }

  /** Applies an operation. What does not fit comes back as a failure and has changed nothing. */
  apply(operation: Operation): ApplyFailure | undefined {
    const length = this.length
    if (operation.baseLength !== length) return { code: 'length', expected: operation.baseLength, actual: length }
    const components = operation.components
    if (components.length > 3) return this.applyComponents(operation)
    let index = 0
    let at = 0
    let inserted = 0
    let removed = 0
    if (index < components.length && (components[index]! & 3) === 0) at = components[index++]! >>> 2
    if (index < components.length && (components[index]! & 3) === INSERT_TAG) inserted = components[index++]! >>> 2
    if (index < components.length && (components[index]! & 3) === DELETE_TAG) removed = components[index++]! >>> 2
    if (index < components.length || inserted !== operation.text.length || inserted + removed === 0) return this.applyComponents(operation)
    return this.edit(at, removed, operation.text)
  }

  /** The operation that takes `operation` back, asked for before `operation` is applied. Throws RangeError when it does not fit. */
  invert(operation: Operation): Operation {
    const rope = this.settled()
    const failure = checkOperation(rope, operation)
    if (failure !== undefined) throw new RangeError(`cannot invert an operation that does not fit the document: ${JSON.stringify(failure)}`)
    return invertOperation(rope.peek(), operation)
  }

  /** A document with the same content. Both may be edited from here on, neither sees the other's edits. */
  snapshot(): DocumentText {
    return new DocumentText(new Rope(this.settled().share()))
  }

  /** The text, with U+FFFC where an embed stands. */
  toString(): string {
    return this.slice(0)
  }

  /** As {@link toString}, from one position to another. Positions outside the document are taken as its ends. */
  slice(from: number, to: number = this.length): string {
    let text = ''
    for (const piece of pieces(this.settled().peek(), Math.max(0, from), Math.min(to, this.length))) text += piece.text
    return text
  }

  /** Longest runs of text with equal attributes, and embeds. The iterator goes through the content as it is now, whatever is edited meanwhile. */
  runs(from = 0, to: number = this.length): IterableIterator<TextRun> {
    return textRuns(this.settled().share(), from, to)
  }

  /** The content, or a part of it, as an operation on the empty document. Throws RangeError when the part cuts a surrogate pair. */
  content(from = 0, to: number = this.length): Operation {
    const rope = this.settled()
    for (const position of [from, to]) {
      if (position > 0 && position < this.length && rope.splitsPair(position)) throw new RangeError(`position ${position} is within a surrogate pair`)
    }
    return contentOperation(pieces(rope.peek(), Math.max(0, from), Math.min(to, this.length)))
  }

  /**
   * The content in pieces of at most `maxUnits` units (at least 2), each below 256 KiB when encoded, none ending within a
   * surrogate pair. The iterator goes through the content as it is now, whatever is edited meanwhile.
   */
  chunks(maxUnits: number = DEFAULT_CHUNK_UNITS): IterableIterator<Operation> {
    return chunkContent(this.settled().share(), maxUnits)
  }

  /** Attributes of the unit at `position`. Throws RangeError outside the document. */
  attributesAt(position: number): Attributes {
    const { leaf, start } = this.unitPlace(position)
    let end = start
    for (const run of runsOf(leaf)) {
      end += run.length
      if (position < end) return run.style.attributes
    }
    throw new Error(`the runs of a leaf end at ${end}, before position ${position}`)
  }

  /** The UTF-16 unit at `position`, U+FFFC for an embed. Throws RangeError outside the document. */
  charCodeAt(position: number): number {
    const { leaf, start } = this.unitPlace(position)
    return leaf.unitAt(position - start)
  }

  /** Whether units, embeds and attributes are the same. */
  equals(other: DocumentText): boolean {
    return this.length === other.length && equalTrees(this.settled().peek(), other.settled().peek())
  }

  /** The content's hash (docs/content-hash.md): equal for equal content, whatever edits led to it. */
  hash(): ContentHash {
    const { sum, weight } = this.settled().lanes()
    return formatHash({ first: add(sum.first, weight.first), second: add(sum.second, weight.second) })
  }

  /** One splice of text without attributes: what typing is made of. It goes into the typing buffer while the place stays. */
  private edit(at: number, removed: number, text: string): ApplyFailure | undefined {
    if (at + removed > this.length) return { code: 'length', expected: at + removed, actual: this.length }
    if (!isWhole(text)) return { code: 'surrogate', position: at }
    const typing = (this.typing ??= new TypingBuffer())
    if (typing.isEmpty || (at !== typing.end && at + removed !== typing.end)) {
      this.settle(typing)
      if (this.rope.splitsPair(at)) return { code: 'surrogate', position: at }
      typing.start(at)
    }
    if (removed > 0) {
      const forward = at === typing.end
      const far = forward ? at + removed : at
      if (this.cutsPair(typing, far)) return { code: 'surrogate', position: far }
      if (forward) typing.removed += removed
      else typing.erase(removed)
    }
    if (text.length > 0) this.type(typing, text)
    return undefined
  }

  /** Text at the end of the splice in progress: what has no room in the buffer, a paste, goes into the tree at once. */
  private type(typing: TypingBuffer, text: string): void {
    if (typing.hasRoom(text.length)) return typing.append(text)
    const at = typing.end
    this.settle(typing)
    this.rope.replace(at, at, textPiece(text, PLAIN))
  }

  /** Whether a boundary outside the middle of the splice in progress is within a surrogate pair. */
  private cutsPair(typing: TypingBuffer, position: number): boolean {
    if (position === typing.end || position === typing.at) return false
    if (position > typing.at && position < typing.end) return (typing.unit(position - typing.at) & 0xfc00) === 0xdc00
    return this.rope.splitsPair(position < typing.at ? position : position - typing.growth)
  }

  /** Any other operation, component by component; everything is checked before anything is changed. */
  private applyComponents(operation: Operation): ApplyFailure | undefined {
    const rope = this.settled()
    const failure = checkOperation(rope, operation)
    if (failure !== undefined) return failure
    let at = 0
    let style = PLAIN
    let change = new StyleChange([])
    for (const component of readComponents(operation)) {
      if (component.kind !== 'delete' && component.attributes !== style.attributes) {
        style = styleOf(component.attributes)
        change = new StyleChange(component.attributes)
      }
      switch (component.kind) {
        case 'retain':
          if (style !== PLAIN) rope.layOver(at, at + component.length, change)
          at += component.length
          break
        case 'insert':
          rope.replace(at, at, textPiece(component.text, style))
          at += component.text.length
          break
        case 'embed':
          rope.replace(at, at, embedPiece(new EmbedUnit(component.embed), style))
          at += 1
          break
        case 'delete':
          rope.replace(at, at + component.length, EMPTY_PIECE)
          break
      }
    }
    return undefined
  }

  private append(content: Operation): void {
    const inserted: Piece[] = []
    for (const component of readComponents(content)) {
      if (component.kind === 'insert') inserted.push(textPiece(component.text, styleOf(component.attributes)))
      else if (component.kind === 'embed') inserted.push(embedPiece(new EmbedUnit(component.embed), styleOf(component.attributes)))
      else throw new RangeError(`content only inserts, but this operation has a ${component.kind}`)
    }
    if (content.baseLength !== 0) throw new RangeError(`content has base length 0, but this operation has ${content.baseLength}`)
    this.rope.insertAll(this.length, inserted)
  }

  private unitPlace(position: number) {
    if (!(position >= 0 && position < this.length)) throw new RangeError(`position ${position} is outside the document of ${this.length} units`)
    return this.settled().leafOf(position)
  }

  private settle(typing: TypingBuffer): void {
    if (typing.isEmpty) return
    this.rope.replace(typing.at, typing.at + typing.removed, textPiece(typing.text(), PLAIN))
    typing.start(0)
  }

  private settled(): Rope {
    if (this.typing !== undefined) this.settle(this.typing)
    return this.rope
  }
}
