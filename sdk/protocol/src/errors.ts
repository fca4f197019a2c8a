/**
 * Failures as values. One closed list of reasons; {@link REASONS} gives each its code and what a caller should do, and
 * is the only such table: server edge, SDK and documentation read it. A test holds it against `error.proto`.
 */
export type Code =
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'UNAUTHENTICATED'

/** `retry` the same call after a delay; `refresh` the token first; `resync`: open again; `stop`: a person or a fix is needed. */
export type Advice = 'retry' | 'refresh' | 'resync' | 'stop'

export const REASONS = {
  TOKEN_MISSING: { code: 'UNAUTHENTICATED', advice: 'stop' },
  TOKEN_INVALID: { code: 'UNAUTHENTICATED', advice: 'refresh' },
  TOKEN_EXPIRED: { code: 'UNAUTHENTICATED', advice: 'refresh' },
  ROLE_REQUIRED: { code: 'PERMISSION_DENIED', advice: 'stop' },
  ORIGIN_FORBIDDEN: { code: 'PERMISSION_DENIED', advice: 'stop' },
  DOCUMENT_NOT_FOUND: { code: 'NOT_FOUND', advice: 'stop' },
  DOCUMENT_EXISTS: { code: 'ALREADY_EXISTS', advice: 'stop' },
  FIELD_INVALID: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  FRAME_MALFORMED: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  FRAME_TOO_LARGE: { code: 'RESOURCE_EXHAUSTED', advice: 'stop' },
  OPERATION_MALFORMED: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  OPERATION_NOT_CANONICAL: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  OPERATION_EMPTY: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  OPERATION_TOO_LARGE: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  ATTRIBUTE_FORBIDDEN: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  VERSION_AHEAD: { code: 'OUT_OF_RANGE', advice: 'resync' },
  VERSION_COMPACTED: { code: 'FAILED_PRECONDITION', advice: 'resync' },
  DIVERGED: { code: 'FAILED_PRECONDITION', advice: 'resync' },
  SESSION_REPLACED: { code: 'ABORTED', advice: 'stop' },
  SESSION_UNKNOWN: { code: 'FAILED_PRECONDITION', advice: 'resync' },
  SEQ_REUSED: { code: 'INVALID_ARGUMENT', advice: 'stop' },
  CLIENT_ID_FOREIGN: { code: 'PERMISSION_DENIED', advice: 'stop' },
  CLIENT_ID_UNKNOWN: { code: 'FAILED_PRECONDITION', advice: 'resync' },
  OUTCOME_UNKNOWN: { code: 'UNAVAILABLE', advice: 'resync' },
  DOCUMENT_FULL: { code: 'RESOURCE_EXHAUSTED', advice: 'stop' },
  RATE_LIMITED: { code: 'RESOURCE_EXHAUSTED', advice: 'retry' },
  DRAINING: { code: 'UNAVAILABLE', advice: 'retry' },
  STORAGE_UNAVAILABLE: { code: 'UNAVAILABLE', advice: 'retry' },
  OWNER_MOVED: { code: 'UNAVAILABLE', advice: 'resync' },
  SDK_TOO_OLD: { code: 'FAILED_PRECONDITION', advice: 'stop' },
  DATA_LOSS: { code: 'DATA_LOSS', advice: 'stop' },
  ETAG_MISMATCH: { code: 'ABORTED', advice: 'stop' },
  SNAPSHOT_NOT_FOUND: { code: 'NOT_FOUND', advice: 'stop' },
  LAST_OWNER: { code: 'FAILED_PRECONDITION', advice: 'stop' },
  IDLE_TIMEOUT: { code: 'DEADLINE_EXCEEDED', advice: 'resync' },
  INTERNAL: { code: 'INTERNAL', advice: 'retry' },
  NOT_SERVED: { code: 'UNIMPLEMENTED', advice: 'stop' },
  PRESENCE_NOT_OPEN: { code: 'FAILED_PRECONDITION', advice: 'resync' },
} as const satisfies Record<string, { code: Code; advice: Advice }>

export type Reason = keyof typeof REASONS

/** ErrorInfo's domain. */
export const ERROR_DOMAIN = 'concord.dev'

/** A failure as it crosses the wire: google.rpc.Status with ErrorInfo, and RetryInfo or BadRequest where they apply. */
export interface WireError {
  readonly reason: Reason
  /** A sentence for a developer: what is wrong and what to do. Never a cause from inside the server, never content. */
  readonly message: string
  readonly retryAfterMs?: number
  /** Path of the wrong field, as `submit.operation.components`. */
  readonly field?: string
  readonly metadata?: Readonly<Record<string, string>>
}
