import { ComponentCursor, EMBED } from './component-cursor.ts'
import type { Operation } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'

/**
 * The content between two positions of a content: what a copy, a chunk of a snapshot and the text kept with a pending
 * delete are. A content is an operation on the empty document that only inserts.
 *
 * Law: `concatenate(slice(c, 0, m), slice(c, m, n))` equals `c` for a content of length n.
 * Throws RangeError for a range outside the content or through a surrogate pair, and for an operation that is no content.
 */
export function slice(content: Operation, from: number, to: number): Operation {
  const out = new OperationWriter()
  const cursor = new ComponentCursor(requireContent(content))
  let at = 0
  for (; !cursor.done && at < to; ) {
    const skipped = Math.min(Math.max(from - at, 0), cursor.left)
    const length = skipped > 0 ? skipped : Math.min(cursor.left, to - at)
    if (length < cursor.left) refuseHalf(cursor.text(cursor.left), length)
    if (skipped === 0) copyUnits(cursor, length, out)
    cursor.takeInserted(length)
    at += length
  }
  if (at < to || from < 0 || from > to) throw new RangeError(`${from} to ${to} is no range of a content of ${at} units`)
  return out.finish(0)
}

/** One content after the other. */
export function concatenate(...contents: readonly Operation[]): Operation {
  const out = new OperationWriter()
  for (const content of contents) {
    const cursor = new ComponentCursor(requireContent(content))
    while (!cursor.done) {
      const length = cursor.left
      copyUnits(cursor, length, out)
      cursor.takeInserted(length)
    }
  }
  return out.finish(0)
}

/** The operation itself when it is a content. */
export function requireContent(operation: Operation): Operation {
  if (operation.baseLength !== 0) throw new RangeError(`a content applies to the empty document, not to ${operation.baseLength} units`)
  return operation
}

/** Copies the next units of inserted text, or an embed, without moving the cursor. */
export function copyUnits(cursor: ComponentCursor, length: number, out: OperationWriter): void {
  if (cursor.tag === EMBED) out.embed(cursor.embed, cursor.set, cursor.key)
  else out.insert(cursor.text(length), cursor.set, cursor.key)
}

function refuseHalf(text: string, length: number): void {
  const last = text.charCodeAt(length - 1)
  if (last >= 0xd800 && last <= 0xdbff) throw new RangeError('the range cuts a surrogate pair')
}
