import type { Operation } from '../operation.ts'
import { readComponents } from '../read-components.ts'
import type { ApplyFailure } from './apply-failure.ts'
import type { Rope } from './rope.ts'

/** Whether an operation fits the content, found out before anything changes (R16). */
export function checkOperation(rope: Rope, operation: Operation): ApplyFailure | undefined {
  if (operation.baseLength !== rope.length) return { code: 'length', expected: operation.baseLength, actual: rope.length }
  let position = 0
  let inserted = 0
  for (const component of readComponents(operation)) {
    switch (component.kind) {
      case 'retain':
      case 'delete':
        position += component.length
        if (position > rope.length) return { code: 'length', expected: position, actual: rope.length }
        break
      case 'insert':
        inserted += component.text.length
        if (!isWhole(component.text)) return { code: 'surrogate', position }
        break
      case 'embed':
        break
    }
    if (position < rope.length && rope.splitsPair(position)) return { code: 'surrogate', position }
  }
  if (inserted !== operation.text.length) throw new Error(`operation inserts ${inserted} units of its ${operation.text.length} units of text: validate it first`)
  return undefined
}

/** Text that begins or ends within a surrogate pair is not. (Within an operation's text, which is well-formed, that is enough.) */
export function isWhole(text: string): boolean {
  return (text.charCodeAt(0) & 0xfc00) !== 0xdc00 && (text.charCodeAt(text.length - 1) & 0xfc00) !== 0xd800
}
