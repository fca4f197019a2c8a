import { type Bias, type Operation, readComponents, transformPosition } from '@concord/ot'

/** A selection in units from the start: the fixed end and the moving one. */
export interface Ends {
  readonly anchor: number
  readonly head: number
}

/** The selection after an operation: the same object when it did not move, which is how most of a crowd takes an edit. */
export function carry(ends: Ends, operation: Operation, bias: Bias): Ends {
  const anchor = transformPosition(ends.anchor, operation, bias)
  const head = ends.head === ends.anchor ? anchor : transformPosition(ends.head, operation, bias)
  return anchor === ends.anchor && head === ends.head ? ends : { anchor, head }
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
