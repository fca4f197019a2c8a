import { attributes as normalise, type AttributesInput, layAttributes, NO_ATTRIBUTES } from './attributes.ts'
import { MAX_LENGTH } from './component.ts'
import { embedProblem } from './embed.ts'
import type { Embed, Operation, TieKey } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { keyProblem, LOWEST_KEY } from './tie-key.ts'

/**
 * Builds an operation from left to right, always in canonical form: `new OperationBuilder(8).retain(5).insert('ab').delete(3).build()`
 * is `5 +ab -3`. Each step returns the builder. Throws RangeError for what no document can take: a negative or broken
 * length, more than the base has, a lone surrogate, a reserved attribute name. What is not touched at the end is retained.
 */
export class OperationBuilder {
  private readonly writer = new OperationWriter()
  private readonly baseLength: number
  private position = 0
  private inserted = 0
  private tieKey = LOWEST_KEY

  /** @param baseLength units of the document the operation applies to. */
  constructor(baseLength: number) {
    checkLength(baseLength)
    this.baseLength = baseLength
  }

  /** Keeps `length` units, with `attributes` laid over them (`null` removes one). */
  retain(length: number, attributes?: AttributesInput): this {
    this.advance(length)
    this.writer.retain(length, normalise(attributes))
    return this
  }

  /** Inserts text here; an attribute that is `null` is one the text does not have. */
  insert(text: string, attributes?: AttributesInput): this {
    if (!text.isWellFormed()) throw new RangeError('inserted text has a lone surrogate: insert whole characters')
    this.grow(text.length)
    this.writer.insert(text, contentSet(attributes), this.tieKey)
    return this
  }

  /** Inserts one unit that is not text. */
  insertEmbed(embed: Embed, attributes?: AttributesInput): this {
    const problem = embedProblem(embed)
    if (problem !== undefined) throw new RangeError(`embed: ${problem}`)
    this.grow(1)
    this.writer.embed(embed, contentSet(attributes), this.tieKey)
    return this
  }

  /** Removes `length` units. */
  delete(length: number): this {
    this.advance(length)
    this.writer.delete(length)
    return this
  }

  /** Sets the tie key of the inserts that follow (R13); what an application writes has none and takes the lowest. */
  key(tieKey: TieKey): this {
    const problem = keyProblem(tieKey)
    if (problem !== undefined) throw new RangeError(`tie key: ${problem}`)
    this.tieKey = tieKey
    return this
  }

  /** The operation. The builder is spent. */
  build(): Operation {
    return this.writer.finish(this.baseLength)
  }

  private advance(length: number): void {
    checkLength(length)
    if (this.position + length > this.baseLength) {
      throw new RangeError(`${length} more units at ${this.position} overrun the base length ${this.baseLength}`)
    }
    this.position += length
  }

  private grow(length: number): void {
    this.inserted += length
    if (this.baseLength + this.inserted > MAX_LENGTH) throw new RangeError(`a document has at most ${MAX_LENGTH} units`)
  }
}

function contentSet(input: AttributesInput | undefined) {
  const set = normalise(input)
  return set.some(([, value]) => value === null) ? layAttributes(NO_ATTRIBUTES, set) : set
}

function checkLength(length: number): void {
  if (!Number.isInteger(length) || length < 0 || length > MAX_LENGTH) throw new RangeError(`${length} is not a length: whole numbers from 0 to ${MAX_LENGTH}`)
}
