import { composeAttributes, layAttributes } from './attributes.ts'
import { DELETE, RETAIN } from './component.ts'
import { ComponentCursor, EMBED } from './component-cursor.ts'
import { composePlain, composesPlainly } from './compose-plain.ts'
import { lengthAfter } from './measure.ts'
import type { Operation } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'

/**
 * One operation that does what `first` and then `second` do. Tie keys stay with their inserts.
 *
 * Laws: `apply(d, compose(a, b))` equals `apply(apply(d, a), b)`; composition is associative, to the letter of canonical
 * form; `identity` is neutral on both sides.
 *
 * Throws RangeError when `second` does not apply to what `first` leaves: by length, or by cutting an inserted surrogate pair.
 */
export function compose(first: Operation, second: Operation): Operation {
  const between = lengthAfter(first)
  if (between !== second.baseLength) {
    throw new RangeError(`cannot compose: the first operation leaves ${between} units, the second one expects ${second.baseLength}`)
  }
  return composesPlainly(first, second) ? composePlain(first, second) : composeRich(first, second)
}

function composeRich(first: Operation, second: Operation): Operation {
  const a = new ComponentCursor(first)
  const b = new ComponentCursor(second)
  const out = new OperationWriter()
  while (!a.done || !b.done) {
    if (b.inserts) copyInserted(b, out)
    else if (a.tag === DELETE) {
      out.delete(a.left)
      a.take(a.left)
    } else composeStep(a, b, out)
  }
  return out.finish(first.baseLength)
}

function copyInserted(cursor: ComponentCursor, out: OperationWriter): void {
  if (cursor.tag === EMBED) out.embed(cursor.embed, cursor.set, cursor.key)
  else out.insert(cursor.text(cursor.left), cursor.set, cursor.key)
  cursor.takeInserted(cursor.left)
}

/** `a` stands on something that exists between the two, `b` keeps or removes it. */
function composeStep(a: ComponentCursor, b: ComponentCursor, out: OperationWriter): void {
  const length = Math.min(a.left, b.left)
  if (a.tag === RETAIN) {
    if (b.tag === DELETE) out.delete(length)
    else out.retain(length, composeAttributes(a.set, b.set))
    a.take(length)
  } else {
    if (b.tag === RETAIN) composeInsert(a, b, length, out)
    else refuseCut(a, length)
    a.takeInserted(length)
  }
  b.take(length)
}

function composeInsert(a: ComponentCursor, b: ComponentCursor, length: number, out: OperationWriter): void {
  const set = layAttributes(a.set, b.set)
  if (a.tag === EMBED) return out.embed(a.embed, set, a.key)
  refuseCut(a, length)
  out.insert(a.text(length), set, a.key)
}

/** Half a pair would go unnoticed until an encoder replaces it. */
function refuseCut(a: ComponentCursor, length: number): void {
  if (a.tag === EMBED || length === a.left) return
  const last = a.text(length).charCodeAt(length - 1)
  if (last >= 0xd800 && last <= 0xdbff) throw new RangeError('cannot compose: the second operation cuts a surrogate pair that the first one inserts')
}
