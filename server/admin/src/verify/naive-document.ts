import type { Attribute, AttributeSet, Operation } from '@concord/proto'
import { attributesValue, embedValue, hashOfRows, type Lanes, type Row, rowOf, textValue, type Value } from './content-hash.ts'

/** Attributes by name, in code unit order. */
type AttributeList = readonly (readonly [string, Value])[]

/** One unit of content: a code unit, or an embed. */
interface Unit {
  readonly content: number | { readonly type: string; readonly data: string }
  readonly attributes: AttributeList
  readonly value: Lanes
}

/** A stretch of units with what it adds to the hash, until somebody changes it. */
interface Block {
  units: Unit[]
  row: Row | undefined
}

/** An operation that does not fit: a sentence, and nothing was promised about the document after it. */
export class DoesNotFit extends Error {
  override readonly name = 'DoesNotFit'
}

const BLOCK = 1024
const PLAIN: AttributeList = []

/**
 * A document as a list of its units, changed by walking over it with the numbers of a packed operation
 * (`proto/concord/v1/operation.proto`). Shares nothing with the rope and the algebra that it is there to check.
 */
export class NaiveDocument {
  readonly #blocks: Block[] = [{ units: [], row: undefined }]
  #length = 0

  get length(): number {
    return this.#length
  }

  hash(): bigint {
    return hashOfRows(this.#blocks.map((block) => (block.row ??= rowOf(block.units.map(({ value }) => value)))))
  }

  /** Plain text; an embed is U+FFFC. */
  text(): string {
    const pieces = this.#blocks.map(({ units }) => units.map(({ content }) => (typeof content === 'number' ? String.fromCharCode(content) : '\ufffc')).join(''))
    return pieces.join('')
  }

  /** The first unit where two contents differ, or nothing. */
  differsAt(other: NaiveDocument): number | undefined {
    const [mine, theirs] = [this.#units(), other.#units()]
    const longest = Math.max(mine.length, theirs.length)
    for (let at = 0; at < longest; at++) if (printed(mine[at]) !== printed(theirs[at])) return at
    return undefined
  }

  /** Puts content, an operation on the empty document, behind what is there. */
  append(content: Operation): void {
    const part = new NaiveDocument()
    part.apply(content)
    this.#blocks.push(...part.#blocks)
    this.#length += part.#length
  }

  /** @throws DoesNotFit when lengths, tables or tags are wrong */
  apply(operation: Operation): void {
    if (operation.baseLength !== this.#length) throw new DoesNotFit(`it is for ${operation.baseLength} units, the document has ${this.#length}`)
    const walk = new Walk(this.#blocks)
    const sets = operation.attributes.map(readSet)
    let current: readonly (readonly [string, Value | null])[] = []
    let written = 0
    let embeds = 0
    for (const number of operation.components) {
      const [length, tag] = [Math.floor(number / 4), number % 4]
      if (tag === 0) walk.retain(length, current)
      else if (tag === 1) {
        if (written + length > operation.text.length) throw new DoesNotFit('it inserts more text than it carries')
        walk.insert(textUnits(operation.text.slice(written, written + length), withoutNulls(current)))
        written += length
        this.#length += length
      } else if (tag === 2) {
        walk.delete(length)
        this.#length -= length
      } else {
        const [index, kind] = [Math.floor(length / 4), length % 4]
        if (kind === 0) current = index === 0 ? [] : entry(sets, index - 1, 'attribute set')
        else if (kind === 1) {
          walk.insert([embedUnit(entry(operation.embeds, index, 'embed'), withoutNulls(current))])
          embeds++
          this.#length++
        } else if (kind === 2) entry(operation.keys, index, 'tie key')
        else throw new DoesNotFit(`it refers to a table of kind ${kind}`)
      }
    }
    if (written !== operation.text.length || embeds !== operation.embeds.length) throw new DoesNotFit('it carries text or embeds that it does not insert')
  }

  #units(): Unit[] {
    return this.#blocks.flatMap(({ units }) => units)
  }
}

/** A place between two units that moves forward only. */
class Walk {
  readonly #blocks: Block[]
  #block = 0
  #offset = 0

  constructor(blocks: Block[]) {
    this.#blocks = blocks
  }

  retain(length: number, set: readonly (readonly [string, Value | null])[]): void {
    this.#forward(length, (block, from, count) => {
      if (set.length > 0) change(block, from, count, block.units.slice(from, from + count).map((unit) => lay(unit, set)))
      return count
    })
  }

  delete(length: number): void {
    this.#forward(length, (block, from, count) => {
      change(block, from, count, [])
      return 0
    })
  }

  insert(units: Unit[]): void {
    const block = this.#blocks[this.#block]
    if (block === undefined) throw new DoesNotFit('it runs past the end')
    change(block, this.#offset, 0, units)
    this.#offset += units.length
    if (block.units.length > 2 * BLOCK) this.#cut(block)
  }

  /** Visits the next `length` units block by block; `visit` answers how many of them still stand before the place. */
  #forward(length: number, visit: (block: Block, from: number, count: number) => number): void {
    for (let left = length; left > 0; ) {
      const block = this.#blocks[this.#block]
      if (block === undefined) throw new DoesNotFit('it runs past the end')
      const count = Math.min(left, block.units.length - this.#offset)
      this.#offset += visit(block, this.#offset, count)
      left -= count
      if (left > 0) this.#nextBlock()
    }
  }

  #nextBlock(): void {
    if (this.#block + 1 >= this.#blocks.length) throw new DoesNotFit('it runs past the end')
    this.#block++
    this.#offset = 0
  }

  #cut(block: Block): void {
    const pieces: Block[] = []
    for (let at = 0; at < block.units.length; at += BLOCK) pieces.push({ units: block.units.slice(at, at + BLOCK), row: undefined })
    this.#blocks.splice(this.#block, 1, ...pieces)
    this.#block += Math.min(Math.floor(this.#offset / BLOCK), pieces.length - 1)
    this.#offset -= BLOCK * (this.#block - this.#blocks.indexOf(pieces[0] as Block))
  }
}

function change(block: Block, from: number, count: number, units: readonly Unit[]): void {
  block.units = [...block.units.slice(0, from), ...units, ...block.units.slice(from + count)]
  block.row = undefined
}

function lay(unit: Unit, set: readonly (readonly [string, Value | null])[]): Unit {
  const merged = new Map<string, Value | null>(unit.attributes)
  for (const [name, value] of set) merged.set(name, value)
  const attributes = withoutNulls([...merged].sort(([a], [b]) => (a < b ? -1 : 1)))
  return typeof unit.content === 'number' ? textUnit(unit.content, attributes) : embedUnit(unit.content, attributes)
}

function textUnits(text: string, attributes: AttributeList): Unit[] {
  const lanes = attributesValue(attributes)
  return Array.from({ length: text.length }, (_, index) => {
    const content = text.charCodeAt(index)
    return { content, attributes, value: textValue(content, lanes) }
  })
}

function textUnit(content: number, attributes: AttributeList): Unit {
  return { content, attributes, value: textValue(content, attributesValue(attributes)) }
}

function embedUnit({ type, data }: { readonly type: string; readonly data: string }, attributes: AttributeList): Unit {
  return { content: { type, data }, attributes, value: embedValue(type, data, attributesValue(attributes)) }
}

function readSet(set: AttributeSet): readonly (readonly [string, Value | null])[] {
  return set.attributes.map(({ name, value }: Attribute) => [name, value.case === undefined ? null : value.value] as const)
}

function withoutNulls(set: readonly (readonly [string, Value | null])[]): AttributeList {
  const kept = set.filter((pair): pair is readonly [string, Value] => pair[1] !== null)
  return kept.length === 0 ? PLAIN : kept
}

function entry<T>(table: readonly T[], index: number, what: string): T {
  const found = table[index]
  if (found === undefined) throw new DoesNotFit(`it refers to ${what} ${index} of ${table.length}`)
  return found
}

function printed(unit: Unit | undefined): string {
  return JSON.stringify([unit?.content, unit?.attributes])
}
