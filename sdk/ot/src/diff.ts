import { attributesChange } from './attributes.ts'
import { tokenize, type TokenKind, tokenIds } from './diff-tokens.ts'
import { FlatContent } from './flat-content.ts'
import { insertedLength } from './measure.ts'
import type { Operation } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { type Budget, type Match, shortestEdit } from './shortest-edit.ts'

/** Steps of comparison in the whole diff: about 0.1 s. What is left undecided then is replaced as a whole. */
const STEPS = 20_000_000

/** Up to here words are compared at once; above it lines first, then the words of the lines that differ. */
const WORDS_UP_TO = 100_000

/**
 * The operation that turns one content into another: for restoring a version, and for the state path (R6). It keeps
 * what a reader would call the same: it compares words (lines first when there is much to compare) and the ends of what
 * differs unit by unit; attributes of kept units are changed in place. It cuts no surrogate pair, and its work is
 * bounded: what it cannot decide cheaply is replaced.
 *
 * Law: `compose(before, diff(before, after))` equals `after`, for contents without tie keys (`unstamp`).
 */
export function diff(before: Operation, after: Operation): Operation {
  const differ = new Differ(new FlatContent(before), new FlatContent(after))
  return differ.run(insertedLength(before))
}

/** Two ranges still to be compared. */
interface Hunk {
  readonly aFrom: number
  readonly aTo: number
  readonly bFrom: number
  readonly bTo: number
}

class Differ {
  private readonly a: FlatContent
  private readonly b: FlatContent
  private readonly out = new OperationWriter()
  private readonly budget: Budget = { steps: STEPS }

  constructor(a: FlatContent, b: FlatContent) {
    this.a = a
    this.b = b
  }

  run(baseLength: number): Operation {
    this.trim({ aFrom: 0, aTo: this.a.text.length, bFrom: 0, bTo: this.b.text.length }, (hunk) => this.compare(hunk))
    return this.out.finish(baseLength)
  }

  private compare(hunk: Hunk): void {
    if (isSmall(hunk)) return this.compareWords(hunk)
    this.compareBy('line', hunk, (rest) => this.trim(rest, (core) => (isSmall(core) ? this.compareWords(core) : this.replace(core))))
  }

  private compareWords(hunk: Hunk): void {
    this.compareBy('word', hunk, (rest) => this.trim(rest, (core) => this.replace(core)))
  }

  /** Keeps what matches token by token and hands on what lies between. */
  private compareBy(kind: TokenKind, hunk: Hunk, handOn: (rest: Hunk) => void): void {
    if (hunk.aFrom === hunk.aTo || hunk.bFrom === hunk.bTo || this.budget.steps < 0) return handOn(hunk)
    const a = tokenize(this.a, hunk.aFrom, hunk.aTo, kind)
    const b = tokenize(this.b, hunk.bFrom, hunk.bTo, kind)
    const [aIds, bIds] = tokenIds(a.names, b.names)
    let { aFrom, bFrom } = hunk
    for (const match of shortestEdit(aIds, bIds, this.budget) ?? []) {
      const units = toUnits(match, a.starts, b.starts)
      handOn({ aFrom, aTo: units.a, bFrom, bTo: units.b })
      this.keep(units)
      aFrom = units.a + units.length
      bFrom = units.b + units.length
    }
    handOn({ aFrom, aTo: hunk.aTo, bFrom, bTo: hunk.bTo })
  }

  /** Keeps the ends that two ranges share and hands on the middle. */
  private trim(hunk: Hunk, handOn: (rest: Hunk) => void): void {
    const head = this.commonHead(hunk)
    const rest = { ...hunk, aFrom: hunk.aFrom + head, bFrom: hunk.bFrom + head }
    const tail = this.commonTail(rest)
    this.keep({ a: hunk.aFrom, b: hunk.bFrom, length: head })
    handOn({ ...rest, aTo: rest.aTo - tail, bTo: rest.bTo - tail })
    this.keep({ a: rest.aTo - tail, b: rest.bTo - tail, length: tail })
  }

  private commonHead({ aFrom, aTo, bFrom, bTo }: Hunk): number {
    const most = Math.min(aTo - aFrom, bTo - bFrom)
    let length = 0
    while (length < most && this.sameUnit(aFrom + length, bFrom + length)) length++
    return length > 0 && isHighSurrogate(this.a.text.charCodeAt(aFrom + length - 1)) ? length - 1 : length
  }

  private commonTail({ aFrom, aTo, bFrom, bTo }: Hunk): number {
    const most = Math.min(aTo - aFrom, bTo - bFrom)
    let length = 0
    while (length < most && this.sameUnit(aTo - length - 1, bTo - length - 1)) length++
    return length > 0 && isLowSurrogate(this.a.text.charCodeAt(aTo - length)) ? length - 1 : length
  }

  private sameUnit(a: number, b: number): boolean {
    const unit = this.a.text.charCodeAt(a)
    if (unit !== this.b.text.charCodeAt(b)) return false
    return unit !== 0xfffc || this.a.embedName(a) === this.b.embedName(b)
  }

  private replace(hunk: Hunk): void {
    this.out.delete(hunk.aTo - hunk.aFrom)
    this.b.insertInto(this.out, hunk.bFrom, hunk.bTo)
  }

  /** Retains equal units, with the change of attributes where their runs differ. */
  private keep({ a, b, length }: Match): void {
    const shift = b - a
    this.a.eachRun(a, a + length, (from, to, set) => {
      this.b.eachRun(from + shift, to + shift, (start, end, wanted) => this.out.retain(end - start, attributesChange(set, wanted)))
    })
  }
}

function isSmall({ aFrom, aTo, bFrom, bTo }: Hunk): boolean {
  return aTo - aFrom + bTo - bFrom <= WORDS_UP_TO
}

function toUnits(match: Match, aStarts: readonly number[], bStarts: readonly number[]): Match {
  const a = aStarts[match.a]!
  return { a, b: bStarts[match.b]!, length: aStarts[match.a + match.length]! - a }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
