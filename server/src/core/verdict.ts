import type { Ack, Reject, ResyncReason, WireError } from '@concord/protocol'

/** What becomes of a submit. */
export type Verdict =
  /** The log decides; `version` is the place it has there if it commits. `passed`: operations it was carried over. */
  | { readonly kind: 'pending'; readonly version: number; readonly passed: number; readonly isResend: boolean }
  | { readonly kind: 'ack'; readonly ack: Ack }
  | { readonly kind: 'reject'; readonly reject: Reject }
  /** Older than what is decided (R8). */
  | { readonly kind: 'ignored' }
  /** Nothing is taken from the client; it is brought in line (R5, R6). */
  | { readonly kind: 'resync'; readonly reason: ResyncReason; readonly error: WireError }
  /** The session is over. */
  | { readonly kind: 'end'; readonly error: WireError }
