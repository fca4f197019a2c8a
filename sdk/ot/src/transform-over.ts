import type { Operation } from './operation.ts'
import { transform } from './transform.ts'

/**
 * `late` carried over operations that were committed since its base, one by one in their order: the grouping that client
 * and server share (R4).
 *
 * Law: equals `committed.reduce((right, left) => transform(left, right)[1], late)`.
 */
export function transformOver(committed: Iterable<Operation>, late: Operation): Operation {
  let right = late
  for (const left of committed) right = transform(left, right)[1]
  return right
}
