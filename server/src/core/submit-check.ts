import type { DocumentText, DocumentType, Invalid, Operation } from '@concord/ot'
import type { Reason, ResyncReason, Submit, WireError } from '@concord/protocol'
import { wireError } from './failures.ts'
import type { ServerRules } from './rules.ts'
import { forbiddenContent } from './text-schema.ts'

/** What the document knows about a submit's base. */
export interface BaseFacts {
  readonly head: number
  /** Versions below this are not in memory any more. */
  readonly floor: number
  readonly composedTo: number
  readonly ownLastVersion: number
  /** -1 when unknown. */
  readonly lengthAtBase: number
}

export type SubmitProblem =
  | { readonly kind: 'refused'; readonly error: WireError }
  | { readonly kind: 'resync'; readonly reason: ResyncReason; readonly error: WireError }
  | { readonly kind: 'end'; readonly error: WireError }

/** Everything that can be wrong with a submit beside its session and number; the operation is judged first, then its base. */
export function checkSubmit(submit: Submit, facts: BaseFacts, rules: ServerRules, type: DocumentType<DocumentText, Operation>): SubmitProblem | undefined {
  return checkOperation(submit, rules, type) ?? checkBase(submit, facts, rules)
}

function checkOperation({ seq, operation }: Submit, rules: ServerRules, type: DocumentType<DocumentText, Operation>): SubmitProblem | undefined {
  if (!Number.isSafeInteger(seq) || seq < 1) return refused(wireError('FIELD_INVALID', 'Sequence numbers are whole and above 0.', { field: 'submit.seq' }))
  const invalid = rules.checksForm ? type.validate(operation) : undefined
  if (invalid !== undefined) return refused(invalidOperation(invalid))
  if (operation.keys.length > 0) {
    return refused(wireError('OPERATION_MALFORMED', 'A submit carries no tie keys: the session stamps them.', { field: 'submit.operation.keys' }))
  }
  if (rules.isEmptySubmit(operation)) return refused(wireError('OPERATION_EMPTY', 'The operation changes nothing.', { field: 'submit.operation' }))
  const forbidden = forbiddenContent(operation)
  return forbidden === undefined ? undefined : refused(wireError('ATTRIBUTE_FORBIDDEN', forbidden.message, { field: `submit.operation.${forbidden.field}` }))
}

function checkBase(submit: Submit, facts: BaseFacts, rules: ServerRules): SubmitProblem | undefined {
  const { baseVersion } = submit
  if (!Number.isSafeInteger(baseVersion) || baseVersion < 0) {
    return { kind: 'end', error: wireError('FIELD_INVALID', 'A base version is a whole number from 0.', { field: 'submit.base_version' }) }
  }
  if (baseVersion > facts.head) {
    return { kind: 'end', error: wireError('VERSION_AHEAD', `The base version ${baseVersion} is above the head ${facts.head}.`, { field: 'submit.base_version' }) }
  }
  if (!rules.knowsOwnCommit(baseVersion, facts.ownLastVersion)) {
    const message = `The base version is below this client's own last commit at ${facts.ownLastVersion}.`
    return { kind: 'end', error: wireError('FIELD_INVALID', message, { field: 'submit.base_version' }) }
  }
  if (baseVersion < facts.floor) {
    return { kind: 'resync', reason: 'slow_reader', error: wireError('VERSION_COMPACTED', 'The base version is older than what is kept for merging. Open again.') }
  }
  if (rules.refusesInsideGroup(baseVersion, facts.composedTo)) return { kind: 'resync', reason: 'diverged', error: diverged('The base version lies within a composed group.') }
  if (!rules.lengthMatches(submit.operation.baseLength, facts.lengthAtBase)) {
    return { kind: 'resync', reason: 'diverged', error: diverged(`The document has ${facts.lengthAtBase} units at version ${baseVersion}, not ${submit.operation.baseLength}.`) }
  }
  return undefined
}

function refused(error: WireError): SubmitProblem {
  return { kind: 'refused', error }
}

function diverged(message: string): WireError {
  return wireError('DIVERGED', `${message} Open again and take the content.`)
}

function invalidOperation({ code, field, message }: Invalid): WireError {
  return wireError(REASON_OF[code], `The operation is refused: ${message}.`, { field: `submit.operation.${field}` })
}

const REASON_OF: Readonly<Record<Invalid['code'], Reason>> = {
  malformed: 'OPERATION_MALFORMED',
  out_of_range: 'OPERATION_MALFORMED',
  not_canonical: 'OPERATION_NOT_CANONICAL',
  surrogate: 'OPERATION_MALFORMED',
  too_large: 'OPERATION_TOO_LARGE',
  attribute: 'OPERATION_MALFORMED',
  embed: 'OPERATION_MALFORMED',
  key: 'OPERATION_MALFORMED',
}
