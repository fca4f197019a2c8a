import { DELETE, INSERT, RETAIN } from './component.ts'
import type { Operation, TieKey } from './operation.ts'
import { isPlain, isSingle, placeOf } from './plain.ts'
import { compareKeys, LOWEST_KEY } from './tie-key.ts'
import { transform } from './transform.ts'

/**
 * `late` carried over operations that were committed since its base, one by one in their order: the grouping that client
 * and server share (R4).
 *
 * Law: equals `committed.reduce((right, left) => transform(left, right)[1], late)`.
 */
export function transformOver(committed: Iterable<Operation>, late: Operation): Operation {
  let right = late
  let single = SingleChange.of(late)
  for (const left of committed) {
    if (single?.passes(left)) continue
    right = transform(left, single?.operation() ?? right)[1]
    single = SingleChange.of(right)
  }
  return single?.operation() ?? right
}

/** A late operation that does one thing at one place, as three numbers: nearly all late ones, over nearly all committed ones. */
class SingleChange {
  private readonly late: Operation
  private readonly key: TieKey
  private readonly inserts: boolean
  private baseLength: number
  private place: number
  private length: number

  private constructor(late: Operation) {
    const value = late.components.at(-1)!
    this.late = late
    this.key = late.keys[0] ?? LOWEST_KEY
    this.inserts = (value & 3) === INSERT
    this.baseLength = late.baseLength
    this.place = placeOf(late)
    this.length = value >>> 2
  }

  static of(operation: Operation): SingleChange | undefined {
    return isPlain(operation) && isSingle(operation) ? new SingleChange(operation) : undefined
  }

  /** Moves past `left`; false, with nothing changed, when numbers are not enough. */
  passes(left: Operation): boolean {
    if (left.baseLength !== this.baseLength || !isPlain(left) || !isSingle(left)) return false
    const value = left.components[left.components.length - 1]!
    const length = value >>> 2
    if ((value & 3) === INSERT) return this.passesInsert(left, placeOf(left), length)
    return this.inserts ? this.insertPassesDelete(placeOf(left), length) : this.deletePassesDelete(placeOf(left), length)
  }

  operation(): Operation {
    const { text, attributes, embeds, keys } = this.late
    const value = this.length * 4 + (this.inserts ? INSERT : DELETE)
    const components = this.place === 0 ? [value] : [this.place * 4 + RETAIN, value]
    return { baseLength: this.baseLength, components, text, attributes, embeds, keys }
  }

  private passesInsert(left: Operation, place: number, length: number): boolean {
    if (!this.inserts && place > this.place && place < this.place + this.length) return false
    const before = place < this.place || (place === this.place && (!this.inserts || compareKeys(left.keys[0] ?? LOWEST_KEY, this.key) <= 0))
    if (before) this.place += length
    this.baseLength += length
    return true
  }

  private insertPassesDelete(place: number, length: number): boolean {
    if (place < this.place) this.place = Math.max(place, this.place - length)
    this.baseLength -= length
    return true
  }

  private deletePassesDelete(place: number, length: number): boolean {
    const shared = Math.min(place + length, this.place + this.length) - Math.max(place, this.place)
    if (shared >= this.length) return false
    if (place < this.place) this.place = Math.max(place, this.place - length)
    this.length -= Math.max(0, shared)
    this.baseLength -= length
    return true
  }
}
