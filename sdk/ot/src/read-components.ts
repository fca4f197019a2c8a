import { NO_ATTRIBUTES } from './attributes.ts'
import { DELETE, EMBED_KIND, INSERT, RETAIN, SET_KIND } from './component.ts'
import type { Attributes, Embed, Operation, TieKey } from './operation.ts'
import { LOWEST_KEY } from './tie-key.ts'

/** One step of an operation with its tables looked up. `attributes` is empty where there are none; a key is the lowest where none was set. */
export type Component =
  | { readonly kind: 'retain'; readonly length: number; readonly attributes: Attributes }
  | { readonly kind: 'insert'; readonly text: string; readonly attributes: Attributes; readonly key: TieKey }
  | { readonly kind: 'embed'; readonly embed: Embed; readonly attributes: Attributes; readonly key: TieKey }
  | { readonly kind: 'delete'; readonly length: number }

/** The steps of an operation from left to right. Comfortable, not fast: the algebra itself reads the numbers. */
export function* readComponents(operation: Operation): Generator<Component, void, undefined> {
  let attributes = NO_ATTRIBUTES
  let key = operation.keys[0] ?? LOWEST_KEY
  let textAt = 0
  for (const value of operation.components) {
    const length = value >>> 2
    const tag = value & 3
    if (tag === RETAIN) yield { kind: 'retain', length, attributes }
    else if (tag === DELETE) yield { kind: 'delete', length }
    else if (tag === INSERT) {
      yield { kind: 'insert', text: operation.text.slice(textAt, textAt + length), attributes, key }
      textAt += length
    } else {
      const index = length >>> 2
      const kind = length & 3
      if (kind === SET_KIND) attributes = index === 0 ? NO_ATTRIBUTES : operation.attributes[index - 1]!
      else if (kind === EMBED_KIND) yield { kind: 'embed', embed: operation.embeds[index]!, attributes, key }
      else key = operation.keys[index]!
    }
  }
}
