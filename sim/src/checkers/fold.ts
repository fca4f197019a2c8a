import type { Attributes, Embed, Operation } from '@concord/ot'

/** Units per block: small enough to splice cheaply, large enough that 100 KB are some two hundred blocks. */
const BLOCK = 512

/**
 * A document recomputed from its log by code that shares nothing with the server: one array entry per unit, in blocks, no
 * rope, no compose. Obvious on purpose; every replica is held against it. It reads the packed form as `operation.proto`
 * words it.
 */
export class Fold {
  readonly #blocks: Unit[][] = []
  /** Units without attributes, one object for each character. */
  readonly #plain = new Map<string, Unit>()
  #length = 0
  /** Where the operation stands: before unit `#offset` of block `#block`. */
  #block = 0
  #offset = 0

  /** A document whose units nobody knows, numbered: what two ways from here to there do to it can be compared. */
  static unknown(length: number): Fold {
    const fold = new Fold()
    fold.#put(Array.from({ length }, (_, index) => ({ what: index, attributes: NONE })))
    return fold
  }

  get length(): number {
    return this.#length
  }

  /** Throws when the operation does not fit: then the log is not a history of this document, and the fold is of no use any more. */
  apply(operation: Operation): void {
    if (operation.baseLength !== this.#length) throw new Error(`the fold has ${this.#length} units, the operation names ${operation.baseLength}`)
    this.#block = 0
    this.#offset = 0
    let textAt = 0
    let set: Attributes = []
    /** What an inserted unit carries: the current set. */
    let fresh: Unit['attributes'] = NONE
    for (const number of operation.components) {
      const size = Math.floor(number / 4)
      switch (number % 4) {
        case 0:
          this.#retain(size, set)
          break
        case 1:
          this.#put(this.#units(operation.text, textAt, size, fresh))
          textAt += size
          break
        case 2:
          this.#delete(size)
          break
        default:
          if (size % 4 === 0) set = size === 0 ? [] : entry(operation.attributes, size / 4 - 1)
          if (size % 4 === 0) fresh = set.length === 0 ? NONE : new Map(set.filter(([, value]) => value !== null))
          if (size % 4 === 1) this.#put([{ what: entry(operation.embeds, (size - 1) / 4), attributes: fresh }])
      }
    }
    if (textAt !== operation.text.length) throw new Error(`the operation brings ${operation.text.length} units of text and inserts ${textAt}`)
  }

  /** The text alone; an embed is U+FFFC. */
  text(): string {
    const parts = this.#blocks.map((block) => block.map(({ what }) => (typeof what === 'string' ? what : '\ufffc')).join(''))
    return parts.join('')
  }

  /** Canonical text of the content from one unit to another, attributes and embeds included: equal exactly when the contents are. */
  render(from = 0, to = this.#length): string {
    return renderRuns(this.#runs(from, to))
  }

  *#runs(from: number, to: number): Generator<Run> {
    let at = 0
    for (const block of this.#blocks) {
      if (at >= to) return
      if (at + block.length > from) {
        for (const { what, attributes } of block.slice(Math.max(0, from - at), to - at)) {
          yield { insert: what, attributes: attributes.size === 0 ? [] : [...attributes].sort(([a], [b]) => (a < b ? -1 : 1)) }
        }
      }
      at += block.length
    }
  }

  #retain(count: number, set: Attributes): void {
    for (let left = count; left > 0; ) {
      const block = entry(this.#blocks, this.#block)
      const taken = Math.min(left, block.length - this.#offset)
      if (set.length > 0) for (let i = this.#offset; i < this.#offset + taken; i += 1) block[i] = laid(block[i]!, set)
      left -= taken
      this.#offset += taken
      this.#moveOn()
    }
  }

  #delete(count: number): void {
    for (let left = count; left > 0; ) {
      const block = entry(this.#blocks, this.#block)
      const { length } = block.splice(this.#offset, left)
      left -= length
      this.#length -= length
      if (block.length === 0) this.#blocks.splice(this.#block, 1)
      this.#moveOn()
    }
  }

  #put(units: readonly Unit[]): void {
    for (let from = 0; from < units.length; from += BLOCK) {
      const piece = units.slice(from, from + BLOCK)
      this.#stepBack()
      const block = this.#blocks[this.#block] ?? []
      if (block.length === 0) this.#blocks.push(block)
      block.splice(this.#offset, 0, ...piece)
      this.#length += piece.length
      this.#offset += piece.length
      if (block.length > 2 * BLOCK) this.#halve(block)
      this.#moveOn()
    }
  }

  #halve(block: Unit[]): void {
    const rest = block.splice(BLOCK)
    this.#blocks.splice(this.#block + 1, 0, rest)
    if (this.#offset <= BLOCK) return
    this.#block += 1
    this.#offset -= BLOCK
  }

  /** What is inserted between two blocks goes to the end of the first. */
  #stepBack(): void {
    if (this.#offset > 0 || this.#block === 0) return
    this.#block -= 1
    this.#offset = this.#blocks[this.#block]!.length
  }

  #moveOn(): void {
    const block = this.#blocks[this.#block]
    if (block === undefined || this.#offset < block.length) return
    this.#block += 1
    this.#offset = 0
  }

  #units(text: string, from: number, count: number, attributes: Unit['attributes']): Unit[] {
    if (from + count > text.length) throw new Error(`the operation inserts more than its ${text.length} units of text`)
    return Array.from({ length: count }, (_, index) => this.#unit(text.charAt(from + index), attributes))
  }

  #unit(what: string, attributes: Unit['attributes']): Unit {
    if (attributes.size > 0) return { what, attributes }
    const known = this.#plain.get(what)
    if (known !== undefined) return known
    const unit: Unit = { what, attributes: NONE }
    this.#plain.set(what, unit)
    return unit
  }
}

interface Unit {
  /** A UTF-16 unit, an embed, or the number of a unit that nobody knows. */
  readonly what: string | Embed | number
  /** Null stays on units that nobody knows: it takes away what may be there. */
  readonly attributes: ReadonlyMap<string, string | number | boolean | null>
}

interface Run {
  readonly insert: string | Embed | number
  readonly attributes: Attributes
}

const NONE: Unit['attributes'] = new Map()

/** The same canonical text for a replica's runs, so that the two can be compared. */
export function renderRuns(runs: Iterable<Run>): string {
  const lines: string[] = []
  let open = ''
  let text = ''
  const flush = () => {
    if (text !== '') lines.push(`${JSON.stringify(text)}${open}`)
    text = ''
  }
  for (const { insert, attributes } of runs) {
    const shown = attributes.length === 0 ? '' : ` ${JSON.stringify(attributes)}`
    if (shown !== open || typeof insert !== 'string') flush()
    open = shown
    if (typeof insert === 'string') text += insert
    else lines.push(`${typeof insert === 'number' ? `#${insert}` : `<${insert.type} ${insert.data}>`}${shown}`)
  }
  flush()
  return lines.join('\n')
}

function laid(unit: Unit, set: Attributes): Unit {
  const attributes = new Map(unit.attributes)
  for (const [name, value] of set) {
    if (value === null && typeof unit.what !== 'number') attributes.delete(name)
    else attributes.set(name, value)
  }
  return { what: unit.what, attributes }
}

function entry<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new Error(`the operation refers to entry ${index} of ${list.length}`)
  return value
}
