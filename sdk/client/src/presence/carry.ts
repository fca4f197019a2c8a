import { type Bias, type Operation, readComponents, transformPosition } from '@concord/ot'

/** A selection in units from the start: the fixed end and the moving one. */
export interface Ends {
  readonly anchor: number
  readonly head: number
}

/** The selection after an operation. */
export function carry(ends: Ends, operation: Operation, bias: Bias): Ends {
  return { anchor: transformPosition(ends.anchor, operation, bias), head: transformPosition(ends.head, operation, bias) }
}

/** Where a position of the document after `operation` was before it; inside inserted text: where that was inserted. */
export function positionBefore(position: number, operation: Operation): number {
  let before = 0
  let after = 0
  for (const component of readComponents(operation)) {
    if (component.kind === 'delete') {
      before += component.length
      continue
    }
    const length = component.kind === 'retain' ? component.length : component.kind === 'insert' ? component.text.length : 1
    if (component.kind === 'retain') {
      if (after + length >= position) break
      before += length
    } else if (after + length > position) return before
    after += length
  }
  return before + (position - after)
}
