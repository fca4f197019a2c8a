import type { Reason, WireError } from '@concord/protocol'
import type { OpenFailure } from './carrier.ts'

/** A failure as the wire knows it. */
export function wireError(reason: Reason, message: string, more: Partial<WireError> = {}): WireError {
  return { reason, message, ...more }
}

export function failure(error: WireError): OpenFailure {
  return { kind: 'failure', error }
}

/** One value for unknown, deleted, foreign and forbidden: nobody learns which it was. */
export const NOT_FOUND: WireError = Object.freeze(wireError('DOCUMENT_NOT_FOUND', 'There is no such document, or you may not read it.'))

export const SESSION_REPLACED: WireError = Object.freeze(wireError('SESSION_REPLACED', 'The same client id opened another session; this one is over. Do not retry from it.'))

export const SESSION_UNKNOWN: WireError = Object.freeze(wireError('SESSION_UNKNOWN', 'The session is not known here, as after a restart. Open again.'))

export const OWNER_MOVED: WireError = Object.freeze(wireError('OWNER_MOVED', 'Another owner took the document over. Open again.'))

/** Others took the document again and again: it is left to them for a while. */
export function ownedElsewhere(retryAfterMs: number): WireError {
  return { ...OWNER_MOVED, retryAfterMs }
}

export const CLIENT_ID_FOREIGN: WireError = Object.freeze(wireError('CLIENT_ID_FOREIGN', 'The client id belongs to another user. Open without one.'))

export function storageUnavailable(retryAfterMs: number): WireError {
  return wireError('STORAGE_UNAVAILABLE', 'The operation log does not answer. Nothing was acknowledged that is not durable. Retry.', { retryAfterMs })
}

export function rateLimited(message: string, retryAfterMs: number): WireError {
  return wireError('RATE_LIMITED', message, { retryAfterMs })
}

export const SEQ_REUSED: WireError = Object.freeze(
  wireError('SEQ_REUSED', 'The sequence number was used for other bytes before: one number names one operation for ever.', { field: 'submit.seq' }),
)

export const SUBMIT_WINDOW: WireError = Object.freeze(
  wireError('RATE_LIMITED', 'An earlier submit has no decision yet: one is in flight at a time. Compose the rest and wait.', { retryAfterMs: 100 }),
)

export const DOCUMENT_BUSY: WireError = Object.freeze(
  wireError('RATE_LIMITED', 'The document has as many operations under way as it takes: come back in a moment.', { retryAfterMs: 1_000 }),
)

export const DOCUMENT_FULL: WireError = Object.freeze(wireError('DOCUMENT_FULL', 'The document has reached its size limit; deletes are still taken.'))
