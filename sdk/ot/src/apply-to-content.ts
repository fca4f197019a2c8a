import { compose } from './compose.ts'
import type { Operation } from './operation.ts'

/**
 * The content after `operation`, where a content is an operation on the empty document that only inserts.
 * Tie keys stay with what they inserted, so contents are compared after `unstamp`.
 */
export function applyToContent(content: Operation, operation: Operation): Operation {
  return compose(content, operation)
}
