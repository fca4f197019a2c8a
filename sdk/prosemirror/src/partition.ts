import { type Operation, OperationBuilder, readComponents } from '@concord/ot'

/** A stretch of flat text. */
export interface Region {
  readonly from: number
  readonly to: number
}

/**
 * Cuts an operation in two: what touches `region`, and what does not. Both apply to the same text. An insert at either
 * edge is outside; where the region is at an edge of the text there is no outside, so it is inside.
 *
 * Law: with `[outside2, inside2] = transform(outside, inside)`, `compose(outside, inside2)` equals the operation.
 */
export function partition(operation: Operation, region: Region): { readonly outside: Operation; readonly inside: Operation } {
  const outside = new OperationBuilder(operation.baseLength)
  const inside = new OperationBuilder(operation.baseLength)
  let at = 0
  for (const component of readComponents(operation)) {
    if (component.kind === 'insert' || component.kind === 'embed') {
      const builder = isInside(at, region, operation.baseLength) ? inside : outside
      builder.key(component.key)
      if (component.kind === 'insert') builder.insert(component.text, component.attributes)
      else builder.insertEmbed(component.embed, component.attributes)
      continue
    }
    for (const length of [clip(at, component.length, 0, region.from), clip(at, component.length, region.from, region.to), clip(at, component.length, region.to, Infinity)]) {
      if (length === 0) continue
      const [mine, other] = at >= region.from && at < region.to ? [inside, outside] : [outside, inside]
      if (component.kind === 'delete') mine.delete(length)
      else mine.retain(length, component.attributes)
      other.retain(length)
      at += length
    }
  }
  return { outside: outside.build(), inside: inside.build() }
}

function isInside(at: number, { from, to }: Region, length: number): boolean {
  return (at > from && at < to) || (at === from && from === 0) || (at === to && to === length)
}

/** How much of a stretch of `length` at `at` lies between two places; asked for in ascending order. */
function clip(at: number, length: number, from: number, to: number): number {
  return Math.max(0, Math.min(at + length, to) - Math.max(at, from))
}

/** Where a position of the text after an operation was before it: the inverse of carrying a position through. */
export function originalPosition(position: number, operation: Operation): number {
  let before = 0
  let after = 0
  for (const component of readComponents(operation)) {
    if (component.kind === 'delete') before += component.length
    else {
      const length = component.kind === 'insert' ? component.text.length : component.kind === 'embed' ? 1 : component.length
      if (position < after + length || (component.kind === 'retain' && position === after)) return component.kind === 'retain' ? before + position - after : before
      after += length
      if (component.kind === 'retain') before += length
    }
  }
  return before + position - after
}
