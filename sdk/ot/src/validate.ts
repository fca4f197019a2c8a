import { type OperationLimits, OPERATION_LIMITS } from './limits.ts'
import type { Operation } from './operation.ts'
import { type Invalid, invalid } from './invalid.ts'
import { checkComponents } from './validate-components.ts'
import { checkTables } from './validate-tables.ts'
import { MAX_LENGTH } from './component.ts'

/**
 * What is wrong with an operation from a peer, or undefined. Checks everything that can be known without the document:
 * numbers, tables, lengths, surrogates, limits, and canonical form, which it never repairs (R19): the transform of a
 * repaired operation is not the transform of the sent one. One pass, in time linear in what was sent.
 *
 * Whether a boundary cuts a surrogate pair of the document is for `apply` to see, and an empty operation is for the
 * protocol to refuse (R14).
 */
export function validate(operation: Operation, limits: OperationLimits = OPERATION_LIMITS): Invalid | undefined {
  return checkSizes(operation, limits) ?? checkTables(operation, limits) ?? checkComponents(operation)
}

/** First, so that nothing below walks more than the limits allow. A table longer than `components` has unused entries. */
function checkSizes(operation: Operation, limits: OperationLimits): Invalid | undefined {
  const { baseLength, components, text, attributes, embeds, keys } = operation
  if (!Number.isInteger(baseLength) || baseLength < 0 || baseLength > MAX_LENGTH) {
    return invalid('out_of_range', 'base_length', `a whole number from 0 to ${MAX_LENGTH}`)
  }
  if (components.length > limits.components) return invalid('too_large', 'components', `${components.length} numbers, at most ${limits.components}`)
  const units = text.length + embeds.length
  if (units > limits.insertedUnits) return invalid('too_large', 'text', `${units} inserted units, at most ${limits.insertedUnits}`)
  if (baseLength + units > MAX_LENGTH) return invalid('too_large', 'text', `a document has at most ${MAX_LENGTH} units`)
  for (const [field, table] of Object.entries({ attributes, embeds, keys })) {
    if (table.length > components.length) return invalid('not_canonical', field, 'an entry is not used')
  }
  return text.isWellFormed() ? undefined : invalid('surrogate', 'text', 'a lone surrogate')
}
