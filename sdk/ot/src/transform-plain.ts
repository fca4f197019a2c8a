import { DELETE, INSERT, RETAIN } from './component.ts'
import type { Operation } from './operation.ts'
import { PlainWriter } from './plain-writer.ts'
import { placeOf } from './plain.ts'
import { compareKeys, LOWEST_KEY } from './tie-key.ts'

/** True when the inserts of `left` come before those of `right` at one place. Both are plain: one key each. */
function leftFirst(left: Operation, right: Operation): boolean {
  return left.keys === right.keys || compareKeys(left.keys[0] ?? LOWEST_KEY, right.keys[0] ?? LOWEST_KEY) <= 0
}

/** {@link transform} of two plain operations: integers only, one pass over both. */
export function transformPlain(left: Operation, right: Operation): [Operation, Operation] {
  const pass = new PlainPass(left.components, right.components, leftFirst(left, right))
  pass.run()
  return [
    withComponents(left, left.baseLength + pass.rightGrowth, pass.left2.finish()),
    withComponents(right, right.baseLength + pass.leftGrowth, pass.right2.finish()),
  ]
}

class PlainPass {
  readonly left2 = new PlainWriter()
  readonly right2 = new PlainWriter()
  /** Units that each side adds, less those it removes. */
  leftGrowth = 0
  rightGrowth = 0
  private readonly left: readonly number[]
  private readonly right: readonly number[]
  private readonly leftFirst: boolean

  constructor(left: readonly number[], right: readonly number[], first: boolean) {
    this.left = left
    this.right = right
    this.leftFirst = first
  }

  run(): void {
    const { left, right, leftFirst } = this
    let [i, j] = [0, 0]
    let [l, r] = [read(left, 0), read(right, 0)]
    while (i < left.length || j < right.length) {
      if ((l & 3) === INSERT && (leftFirst || (r & 3) !== INSERT)) {
        this.passLeft(l >>> 2)
        l = read(left, ++i)
      } else if ((r & 3) === INSERT) {
        this.passRight(r >>> 2)
        r = read(right, ++j)
      } else {
        const length = Math.min(i < left.length ? l >>> 2 : Infinity, j < right.length ? r >>> 2 : Infinity)
        this.step(l & 3, r & 3, length)
        if (i < left.length) l = (l -= length * 4) >>> 2 === 0 ? read(left, ++i) : l
        if (j < right.length) r = (r -= length * 4) >>> 2 === 0 ? read(right, ++j) : r
      }
    }
  }

  private passLeft(length: number): void {
    this.left2.insert(length)
    this.right2.retain(length)
    this.leftGrowth += length
  }

  private passRight(length: number): void {
    this.right2.insert(length)
    this.left2.retain(length)
    this.rightGrowth += length
  }

  private step(left: number, right: number, length: number): void {
    if (left === DELETE) this.leftGrowth -= length
    if (right === DELETE) this.rightGrowth -= length
    if (left === RETAIN && right === RETAIN) {
      this.left2.retain(length)
      this.right2.retain(length)
    } else if (right === RETAIN) this.left2.delete(length)
    else if (left === RETAIN) this.right2.delete(length)
  }
}

/** Past the end stands a retain; its length is not looked at. */
function read(components: readonly number[], index: number): number {
  return index < components.length ? components[index]! : RETAIN
}

/** {@link transform} of two operations that do one thing each: next to no work, and little to allocate. */
export function transformSingle(left: Operation, right: Operation): [Operation, Operation] {
  const l = left.components[left.components.length - 1]!
  const r = right.components[right.components.length - 1]!
  const p = placeOf(left)
  const q = placeOf(right)
  const n = l >>> 2
  const m = r >>> 2
  if ((l & 3) === INSERT) {
    if ((r & 3) !== INSERT) return insertOverDelete(left, right, p, n, q, m)
    const first = p < q || (p === q && leftFirst(left, right))
    return [moved(left, left.baseLength + m, first ? p : p + m, p, l), moved(right, right.baseLength + n, first ? q + n : q, q, r)]
  }
  if ((r & 3) === INSERT) {
    const [right2, left2] = insertOverDelete(right, left, q, m, p, n)
    return [left2, right2]
  }
  return deleteOverDelete(left, right, p, n, q, m)
}

/** `inserting` puts n units at p, `deleting` removes m units at q. In their order, whichever is left. */
function insertOverDelete(inserting: Operation, deleting: Operation, p: number, n: number, q: number, m: number): [Operation, Operation] {
  const insert = n * 4 + INSERT
  const [insertBase, deleteBase] = [inserting.baseLength - m, deleting.baseLength + n]
  if (p <= q) return [moved(inserting, insertBase, p, p, insert), moved(deleting, deleteBase, q + n, q, m * 4 + DELETE)]
  if (p >= q + m) return [moved(inserting, insertBase, p - m, p, insert), moved(deleting, deleteBase, q, q, m * 4 + DELETE)]
  const around = [(p - q) * 4 + DELETE, n * 4 + RETAIN, (q + m - p) * 4 + DELETE]
  return [moved(inserting, insertBase, q, p, insert), withComponents(deleting, deleteBase, q > 0 ? [q * 4 + RETAIN, ...around] : around)]
}

function deleteOverDelete(left: Operation, right: Operation, p: number, n: number, q: number, m: number): [Operation, Operation] {
  const shared = Math.max(0, Math.min(p + n, q + m) - Math.max(p, q))
  const leftPlace = p <= q ? p : Math.max(q, p - m)
  const rightPlace = q <= p ? q : Math.max(p, q - n)
  return [deletion(left, left.baseLength - m, leftPlace, n - shared), deletion(right, right.baseLength - n, rightPlace, m - shared)]
}

function deletion(operation: Operation, baseLength: number, place: number, length: number): Operation {
  return length === 0 ? withComponents(operation, baseLength, []) : moved(operation, baseLength, place, -1, length * 4 + DELETE)
}

/** The operation at another place; its components serve again when the place is the same. */
function moved(operation: Operation, baseLength: number, place: number, from: number, value: number): Operation {
  if (place === from) return withComponents(operation, baseLength, operation.components)
  return withComponents(operation, baseLength, place === 0 ? [value] : [place * 4 + RETAIN, value])
}

function withComponents(operation: Operation, baseLength: number, components: readonly number[]): Operation {
  const { text, attributes, embeds, keys } = operation
  return { baseLength, components, text, attributes, embeds, keys }
}
