import { equalAttributes } from './attributes.ts'
import { DELETE, EMBED_KIND, INSERT, TABLE } from './component.ts'
import { equalEmbeds } from './embed.ts'
import type { Operation } from './operation.ts'
import { equalKeys } from './tie-key.ts'

/** Units of the document after the operation. */
export function lengthAfter(operation: Operation): number {
  let length = operation.baseLength
  for (const value of operation.components) length += change(value)
  return length
}

/** Units the operation inserts: text and embeds. */
export function insertedLength(operation: Operation): number {
  return operation.text.length + operation.embeds.length
}

/** True when the operation changes nothing. Canonical form has exactly one such operation per base length. */
export function isEmpty(operation: Operation): boolean {
  return operation.components.length === 0
}

/** The operation that changes nothing. */
export function identity(length: number): Operation {
  return { baseLength: length, components: [], text: '', attributes: [], embeds: [], keys: [] }
}

/** Same base, same effect, same keys: canonical form makes it a comparison of fields. */
export function equals(a: Operation, b: Operation): boolean {
  return (
    a === b ||
    (a.baseLength === b.baseLength &&
      a.text === b.text &&
      equalLists(a.components, b.components, Object.is) &&
      equalLists(a.attributes, b.attributes, equalAttributes) &&
      equalLists(a.embeds, b.embeds, equalEmbeds) &&
      equalLists(a.keys, b.keys, equalKeys))
  )
}

function equalLists<T>(a: readonly T[], b: readonly T[], equal: (x: T, y: T) => boolean): boolean {
  return a === b || (a.length === b.length && a.every((entry, i) => equal(entry, b[i]!)))
}

function change(value: number): number {
  switch (value & 3) {
    case INSERT:
      return value >>> 2
    case DELETE:
      return -(value >>> 2)
    case TABLE:
      return ((value >>> 2) & 3) === EMBED_KIND ? 1 : 0
    default:
      return 0
  }
}
