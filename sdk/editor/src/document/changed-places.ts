import { type Operation, toDelta } from '@concord/client'

/** A stretch of text. */
export interface TextRange {
  readonly from: number
  readonly to: number
}

/** What an operation inserted, formatted or took away (an empty range), in the text after it. */
export function changedPlaces(operation: Operation): readonly TextRange[] {
  const places: TextRange[] = []
  let at = 0
  for (const component of toDelta(operation)) {
    const length = 'retain' in component ? component.retain : 'delete' in component ? 0 : typeof component.insert === 'string' ? component.insert.length : 1
    const changed = !('retain' in component) || component.attributes !== undefined
    const last = places[places.length - 1]
    if (changed && last !== undefined && last.to === at) places[places.length - 1] = { from: last.from, to: at + length }
    else if (changed) places.push({ from: at, to: at + length })
    at += length
  }
  return places
}
