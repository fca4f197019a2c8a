import { type Advice, type Code, type Reason, REASONS, type WireError } from '@concord/protocol'

/** What the SDK itself has to report, beside the server's reasons. */
const LOCAL_REASONS = {
  /** The server cannot be reached, or went away without a word. */
  UNREACHABLE: { code: 'UNAVAILABLE', advice: 'retry' },
  /** The application closed the document or the client. */
  CLOSED: { code: 'FAILED_PRECONDITION', advice: 'stop' },
  /** The device's store does not take the branch; edits wait, nothing is submitted (R10). */
  DEVICE_STORE_FAILED: { code: 'UNAVAILABLE', advice: 'retry' },
} as const satisfies Record<string, { code: Code; advice: Advice }>

export type ErrorReason = Reason | keyof typeof LOCAL_REASONS

const ALL_REASONS: Readonly<Record<ErrorReason, { readonly code: Code; readonly advice: Advice }>> = { ...REASONS, ...LOCAL_REASONS }

/** The one error class of the SDK. `advice` says what a caller should do; the table of reasons is the protocol's. */
export class ConcordError extends Error {
  override readonly name = 'ConcordError'
  readonly code: Code
  readonly reason: ErrorReason
  /** `retry` later, `refresh` the token, `resync` (the SDK does both by itself), or `stop`: a person or a fix is needed. */
  readonly advice: Advice
  readonly retryAfterMs: number | undefined
  /** Path of the wrong field, when one is wrong. */
  readonly field: string | undefined
  readonly metadata: Readonly<Record<string, string>>

  constructor(error: Omit<WireError, 'reason'> & { readonly reason: ErrorReason }, options?: ErrorOptions) {
    super(error.message, options)
    this.reason = error.reason
    this.code = ALL_REASONS[error.reason].code
    this.advice = ALL_REASONS[error.reason].advice
    this.retryAfterMs = error.retryAfterMs
    this.field = error.field
    this.metadata = error.metadata ?? {}
  }
}

/** The server cannot be reached, or went away without a word. */
export function unreachable(message: string, cause?: unknown): ConcordError {
  return new ConcordError({ reason: 'UNREACHABLE', message }, cause === undefined ? undefined : { cause })
}
