import { RETAIN, TABLE } from './component.ts'
import type { Operation } from './operation.ts'

/** True when the numbers alone say everything: text only, one author, no attributes. Most operations are. */
export function isPlain(operation: Operation): boolean {
  return operation.attributes.length === 0 && operation.embeds.length === 0 && operation.keys.length <= 1
}

/** True when a plain operation does one thing at one place: what a keystroke makes. */
export function isSingle(operation: Operation): boolean {
  const { components } = operation
  return components.length === 1 || (components.length === 2 && (components[0]! & TABLE) === RETAIN)
}

/** Where a single operation does its one thing. */
export function placeOf(operation: Operation): number {
  return operation.components.length === 1 ? 0 : operation.components[0]! >>> 2
}
