import type { Operation, DocumentText, Range } from '@concord/ot'
import type { Author, ClientFrame, ClientId, Notice, Reason, Role, Durability } from '@concord/protocol'
import type { ConcordError } from '../concord-error.ts'

/** What a session asks its driver to do, in this order. The session itself touches nothing outside. */
export type Effect =
  | { readonly kind: 'send'; readonly frame: ClientFrame }
  /** `urgent`: must be stored before the next effect is performed (R10). Otherwise soon. */
  | { readonly kind: 'persist'; readonly urgent: boolean }
  | ({ readonly kind: 'change' } & ChangeEvent)
  | ({ readonly kind: 'committed' } & CommittedEvent)
  | ({ readonly kind: 'rejected' } & RejectedEvent)
  | ({ readonly kind: 'merged' } & MergedEvent)
  | ({ readonly kind: 'stranded' } & StrandedEvent)
  | ({ readonly kind: 'diverged' } & DivergedEvent)
  /** The stream is of no use any more: close it and open again. */
  | { readonly kind: 'reopen' }
  /** In step with the head that `opened` named. */
  | { readonly kind: 'live' }
  /** Over for good. */
  | { readonly kind: 'ended'; readonly error: ConcordError }
  | { readonly kind: 'timer'; readonly timer: SessionTimer; readonly delayMs: number }
  | { readonly kind: 'notice'; readonly notice: Notice }
  /** Something in {@link SessionStatus} changed. */
  | { readonly kind: 'status' }

export type SessionTimer = 'submit' | 'progress'

/** `local`: the user's own edit, undo and redo included. `remote`: somebody else's. `resync`: the content was brought in line (R6), or a refused edit went away. */
export type Origin = 'local' | 'remote' | 'resync'

export interface ChangeEvent {
  /** What happened to the document shown. */
  readonly operation: Operation
  readonly origin: Origin
  /** Who, for a remote change of one version. */
  readonly author?: Author
}

/** A version of the document, own ones included: one line of the log. */
export interface CommittedEvent {
  readonly version: number
  /** Of a composed group: all versions from `version - count + 1`. */
  readonly count: number
  readonly author?: Author
  readonly operation: Operation
  /** Milliseconds since 1970, by the server's clock. */
  readonly at?: number
  readonly own: boolean
}

/** An edit that came back: nothing is thrown away, the application chooses. */
export interface HandedBack {
  /** Against `base`. */
  readonly operation: Operation
  /** The confirmed content the operation applies to, at `version`. */
  readonly base: DocumentText
  readonly version: number
  readonly choices: readonly ('copy' | 'export' | 'drop')[]
}

/** The server refused an edit (R9). */
export interface RejectedEvent extends HandedBack {
  readonly error: ConcordError
}

/** Pending edits that can no longer be submitted by themselves. */
export interface StrandedEvent extends HandedBack {
  /** `STALE_DEVICE`: this device's copy is older than what its client id has committed (R10). */
  readonly reason: Reason | 'STALE_DEVICE'
}

/** After being away: places of the document shown that both sides touched. */
export interface MergedEvent {
  readonly ranges: readonly Range[]
}

/** The client's content was not the server's; it is being replaced, pending edits kept (R6, R15, R16). */
export interface DivergedEvent {
  readonly reason: 'length' | 'hash' | 'committed_form' | 'server' | 'history_forked'
  readonly version: number
  /** Acknowledged operations that the log lost and that are submitted again. */
  readonly resubmitted: number
}

/** What an application can show. */
export interface SessionStatus {
  readonly role: Role | undefined
  readonly title: string
  readonly durability: Durability | undefined
  readonly clientId: ClientId | undefined
  readonly userId: string | undefined
  readonly version: number
  /** Local edits that are not acknowledged, counted before they are composed. */
  readonly pending: number
  /** Degradation level the server announced, 0 to 5. */
  readonly degradation: number
}
