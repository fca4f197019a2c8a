import { withoutNames } from './attributes.ts'
import { DELETE, RETAIN } from './component.ts'
import { ComponentCursor, EMBED } from './component-cursor.ts'
import { lengthAfter } from './measure.ts'
import type { Operation } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { isPlain, isSingle } from './plain.ts'
import { compareKeys } from './tie-key.ts'
import { transformPlain, transformSingle } from './transform-plain.ts'

/**
 * Both operations past each other: `left` was committed first, `right` is the later one. Returns `[left2, right2]`, where
 * `left2` applies after `right` and `right2` after `left`.
 *
 * - Inserts at one place: the lower tie key comes first, equal keys: `left` first (R13).
 * - A delete wins over attributes and over the same delete; an insert inside a deleted range stays.
 * - Attributes set by both: `right` wins, because it is the later one, so `left2` loses the names that `right` sets.
 *
 * Law (TP1), exactly: `apply(apply(d, left), right2)` equals `apply(apply(d, right), left2)`.
 * No law: transforming over a composition is not composing the transforms, so both sides must use the same grouping (R4).
 *
 * Reads numbers and tables, never text. Throws RangeError when the base lengths differ.
 */
export function transform(left: Operation, right: Operation): [left2: Operation, right2: Operation] {
  if (left.baseLength !== right.baseLength) {
    throw new RangeError(`cannot transform: base length ${left.baseLength} on the left, ${right.baseLength} on the right`)
  }
  if (!isPlain(left) || !isPlain(right)) return transformRich(left, right)
  return isSingle(left) && isSingle(right) ? transformSingle(left, right) : transformPlain(left, right)
}

/** {@link transform} for everything there is; the paths for plain operations are held against it. */
export function transformRich(left: Operation, right: Operation): [Operation, Operation] {
  const l = new ComponentCursor(left)
  const r = new ComponentCursor(right)
  const left2 = new OperationWriter()
  const right2 = new OperationWriter()
  while (!l.done || !r.done) {
    if (l.inserts && (!r.inserts || compareKeys(l.key, r.key) <= 0)) passInsert(l, left2, right2)
    else if (r.inserts) passInsert(r, right2, left2)
    else transformStep(l, r, left2, right2)
  }
  return [left2.finishWith(lengthAfter(right), left), right2.finishWith(lengthAfter(left), right)]
}

/** One side inserts: it still does, and the other side keeps what is new to it. */
function passInsert(cursor: ComponentCursor, own: OperationWriter, other: OperationWriter): void {
  const length = cursor.left
  if (cursor.tag === EMBED) own.embedUnit(cursor.set, cursor.key)
  else own.insertUnits(length, cursor.set, cursor.key)
  other.retainPlain(length)
  cursor.take(length)
}

/** Both sides stand on units of the common base. */
function transformStep(l: ComponentCursor, r: ComponentCursor, left2: OperationWriter, right2: OperationWriter): void {
  const length = Math.min(l.left, r.left)
  if (l.tag === RETAIN && r.tag === RETAIN) {
    left2.retain(length, withoutNames(l.set, r.set))
    right2.retain(length, r.set)
  } else if (r.tag === RETAIN) left2.delete(length)
  else if (l.tag !== DELETE) right2.delete(length)
  l.take(length)
  r.take(length)
}
