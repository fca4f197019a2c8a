import { EMBED_KIND, INSERT, SET_KIND, TABLE } from '../component.ts'
import type { Operation } from '../operation.ts'
import { readComponents } from '../read-components.ts'
import type { ApplyFailure } from './apply-failure.ts'
import type { Rope } from './rope.ts'

/** Whether an operation fits the content, found out before anything changes (R16). */
export function checkOperation(rope: Rope, operation: Operation): ApplyFailure | undefined {
  if (operation.baseLength !== rope.length) return { code: 'length', expected: operation.baseLength, actual: rope.length }
  checkTables(operation)
  let position = 0
  for (const component of readComponents(operation)) {
    switch (component.kind) {
      case 'retain':
      case 'delete':
        position += component.length
        if (position > rope.length) return { code: 'length', expected: position, actual: rope.length }
        break
      case 'insert':
        if (!isWhole(component.text)) return { code: 'surrogate', position }
        break
      case 'embed':
        break
    }
    if (position < rope.length && rope.splitsPair(position)) return { code: 'surrogate', position }
  }
  return undefined
}

/** Numbers that do not fit the tables are nobody's mistake but the caller's, who did not validate. Thrown before anything changes. */
function checkTables({ components, text, attributes, embeds }: Operation): void {
  let inserted = 0
  for (const value of components) {
    const length = value >>> 2
    const index = length >>> 2
    if ((value & 3) === INSERT) inserted += length
    else if ((value & 3) !== TABLE) continue
    else if (((length & 3) === SET_KIND && index > attributes.length) || ((length & 3) === EMBED_KIND && index >= embeds.length)) {
      throw new Error(`component ${value} names an entry that is in no table: validate the operation first`)
    }
  }
  if (inserted !== text.length) throw new Error(`the components insert ${inserted} units, the text has ${text.length}: validate the operation first`)
}

/** Text that begins or ends within a surrogate pair is not. (Within an operation's text, which is well-formed, that is enough.) */
export function isWhole(text: string): boolean {
  return (text.charCodeAt(0) & 0xfc00) !== 0xdc00 && (text.charCodeAt(text.length - 1) & 0xfc00) !== 0xd800
}
