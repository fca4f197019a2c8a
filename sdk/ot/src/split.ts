import { attributesName, NO_ATTRIBUTES } from './attributes.ts'
import { lengthAfter } from './measure.ts'
import { OPERATION_LIMITS } from './limits.ts'
import type { Attributes, Operation } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { type Component, readComponents } from './read-components.ts'
import { copyComponent } from './stamp.ts'

/** What fits into one operation on the wire. */
export interface SplitLimit {
  /** At least 4: a retain, and an insert with the two table components it may need. */
  readonly components: number
  /** At least 2: one character. */
  readonly insertedUnits: number
  /** Encoded size, estimated from above. One component is never refused for its size: other limits bound it. */
  readonly encodedBytes?: number
}

const DEFAULT_LIMIT: SplitLimit = { ...OPERATION_LIMITS, encodedBytes: 200 * 1024 }

const LEAST_COMPONENTS = 4

/** Bytes of a 32-bit varint, at most. */
const BYTES_PER_NUMBER = 5

/**
 * Cuts an operation that is too large for one submit (R18): `[head, rest]`, from left to right, `rest` undefined when all
 * of it fits. `head` applies to the same base, `rest` to what `head` leaves and may have to be split again.
 *
 * Law: `compose(head, rest)` equals the operation; `head` is never empty, is within the limit, and cuts no surrogate pair.
 */
export function split(operation: Operation, limit: SplitLimit = DEFAULT_LIMIT): [head: Operation, rest: Operation | undefined] {
  if (limit.components < LEAST_COMPONENTS || limit.insertedUnits < 2) throw new RangeError('a limit leaves room for 4 components and 2 units')
  const splitter = new Splitter(limit)
  for (const component of readComponents(operation)) splitter.add(component)
  return splitter.finish(operation)
}

class Splitter {
  private readonly head = new OperationWriter()
  private readonly rest = new OperationWriter()
  private components: number
  private units: number
  private bytes: number
  private headLength = 0
  private lastSet: Attributes = NO_ATTRIBUTES
  private full = false
  private begun = false

  constructor(limit: SplitLimit) {
    this.components = limit.components
    this.units = limit.insertedUnits
    this.bytes = limit.encodedBytes ?? Infinity
  }

  add(component: Component): void {
    if (this.full) return this.copy(this.rest, component)
    const part = this.fit(component)
    if (part > 0) this.addToHead(component.kind === 'insert' ? { ...component, text: component.text.slice(0, part) } : component)
    if (part < unitsOf(component)) this.overflow(component.kind === 'insert' ? { ...component, text: component.text.slice(part) } : component)
  }

  finish(operation: Operation): [Operation, Operation | undefined] {
    const head = this.head.finish(operation.baseLength)
    return [head, this.full ? this.rest.finish(lengthAfter(head)) : undefined]
  }

  /** Units of the component that the head has room for: all, none, or as much text as fits. */
  private fit(component: Component): number {
    const units = unitsOf(component)
    if (this.components < this.numbers(component)) return 0
    const bytes = this.bytes - this.overhead(component)
    if (component.kind === 'insert') return textThatFits(component.text, this.units, this.begun ? bytes : Math.max(bytes, 4))
    if (component.kind === 'embed' && this.units < 1) return 0
    return bytes >= 0 || !this.begun ? units : 0
  }

  private addToHead(component: Component): void {
    this.components -= this.numbers(component)
    this.bytes -= this.overhead(component)
    if (component.kind === 'insert') this.bytes -= utf8Length(component.text)
    if (component.kind === 'insert' || component.kind === 'embed') this.units -= unitsOf(component)
    if (component.kind !== 'delete') {
      this.headLength += unitsOf(component)
      this.lastSet = component.attributes
    }
    if (component.kind !== 'retain' || component.attributes.length > 0) this.begun = true
    this.copy(this.head, component)
  }

  private overflow(component: Component): void {
    this.full = true
    this.rest.retainPlain(this.headLength)
    this.copy(this.rest, component)
  }

  /** Numbers the component may need: itself, a switch of the attribute set, of the key. */
  private numbers(component: Component): number {
    if (component.kind === 'delete') return 1
    if (component.kind === 'retain') return component.attributes === this.lastSet ? 1 : 2
    return 3
  }

  private copy(out: OperationWriter, component: Component): void {
    copyComponent(out, component, component.kind === 'insert' || component.kind === 'embed' ? component.key : undefined)
  }

  /** Bytes besides text; names and values are counted as if every unit were three bytes, and again at every change of set. */
  private overhead(component: Component): number {
    const numbers = this.numbers(component) * BYTES_PER_NUMBER
    if (component.kind === 'delete') return numbers
    const set = component.attributes === this.lastSet ? 0 : 3 * attributesName(component.attributes).length + 8 * component.attributes.length
    const embed = component.kind === 'embed' ? 3 * (component.embed.type.length + component.embed.data.length) + 12 : 0
    const key = component.kind === 'retain' ? 0 : 24
    return numbers + set + embed + key
  }
}

function unitsOf(component: Component): number {
  switch (component.kind) {
    case 'insert':
      return component.text.length
    case 'embed':
      return 1
    default:
      return component.length
  }
}

/** Whole characters only. */
function textThatFits(text: string, units: number, bytes: number): number {
  let at = 0
  for (let left = bytes; at < text.length; ) {
    const code = text.codePointAt(at)!
    const width = code > 0xffff ? 2 : 1
    left -= utf8Width(code)
    if (left < 0 || at + width > units) return at
    at += width
  }
  return at
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const character of text) bytes += utf8Width(character.codePointAt(0)!)
  return bytes
}

function utf8Width(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}
