import type { Operation } from '@concord/ot'
import type { WireError } from './errors.ts'
import type { ClientId, ContentHash, SessionId } from './ids.ts'

/**
 * The session protocol as values: what client and server say, whatever carries it. The contract with its prose is
 * `proto/concord/v1/sync.proto`; field by field the two agree, with versions as safe integers, ids as hexadecimal text,
 * absent instead of zero. The simulator's message level passes these values without making bytes.
 */
export type ClientFrame =
  | { readonly kind: 'open'; readonly open: Open }
  | { readonly kind: 'submit'; readonly submit: Submit }
  | { readonly kind: 'progress'; readonly version: number; readonly hash?: ContentHash }
  | { readonly kind: 'refresh'; readonly token: string }

export type ServerFrame =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'snapshot'; readonly snapshot: SnapshotChunk }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'ack'; readonly ack: Ack }
  | { readonly kind: 'reject'; readonly reject: Reject }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'composed'; readonly composed: Composed }
  | { readonly kind: 'mark'; readonly version: number; readonly hash: ContentHash }

export interface Open {
  /** `documents/{id}`. */
  readonly document: string
  /** Absent asks for a new one. */
  readonly clientId?: ClientId
  /** Last version the client has; 0 for the empty document. */
  readonly version: number
  /** Epoch that wrote that version; 0 with version 0 (R15). */
  readonly epoch: number
  /** Highest sequence number the client knows it used (R10). */
  readonly lastSeq: number
  readonly sdk: string
  readonly features: readonly string[]
  /** True asks for the content: the client does not trust its own (R6). */
  readonly snapshot: boolean
  /** Newest first; empty means version 1. */
  readonly algorithms: readonly number[]
}

export interface Submit {
  readonly session: SessionId
  readonly clientId: ClientId
  readonly seq: number
  readonly baseVersion: number
  /** Carries no tie keys: the session stamps them (R13). */
  readonly operation: Operation
}

export interface Opened {
  readonly session: SessionId
  readonly clientId: ClientId
  readonly epoch: number
  readonly head: number
  readonly lastSeq: number
  readonly lastVersion: number
  readonly resume: 'changes' | 'snapshot'
  /** Present when the server opened the session again by itself (R5). */
  readonly reason?: ResyncReason
  readonly role: Role
  readonly userId: string
  readonly userOrdinal: number
  readonly durability: Durability
  readonly algorithm: number
  readonly documentType: string
  readonly title: string
  readonly submitWindow: number
}

export type ResyncReason = 'slow_reader' | 'diverged' | 'history_forked' | 'below_floor'
export type Role = 'viewer' | 'commenter' | 'editor' | 'owner'
export type Durability = 'volatile' | 'local' | 'quorum' | 'all_regions'

/** One self-contained piece of content; pieces arrive in order and `offset + units of content = total` on the last. */
export interface SnapshotChunk {
  readonly version: number
  readonly epoch: number
  readonly hash: ContentHash
  readonly offset: number
  readonly total: number
  readonly content: Operation
}

export interface Author {
  readonly userId: string
  readonly userOrdinal: number
  readonly clientId: ClientId
}

export interface Change {
  readonly version: number
  readonly epoch: number
  readonly author: Author
  /** Against `version - 1`. Its inserts carry the author's tie key once decoded, so transform can use it as it is. */
  readonly operation: Operation
  /** Milliseconds since 1970. */
  readonly at: number
  readonly hash?: ContentHash
}

export interface Ack {
  readonly seq: number
  readonly version: number
  readonly epoch: number
  readonly durability: Durability
  readonly at: number
  /** While catching up: the committed form (R4). */
  readonly operation?: Operation
  readonly hash?: ContentHash
}

export interface Reject {
  readonly seq: number
  readonly error: WireError
}

export interface Composed {
  readonly fromVersion: number
  readonly toVersion: number
  readonly epoch: number
  /** With a tie key per insert. */
  readonly operation: Operation
  readonly hash?: ContentHash
}

export type Notice =
  | { readonly kind: 'title'; readonly title: string }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'drain'; readonly reconnectAfterMs: number }
  | { readonly kind: 'pace'; readonly paceMs: number }
  | { readonly kind: 'degradation'; readonly level: number }

/** What a client says on a presence stream. */
export type ClientPresence =
  | { readonly kind: 'open'; readonly document: string; readonly clientId: ClientId; readonly anonymous: boolean }
  | { readonly kind: 'state'; readonly state: PresenceState }
  | { readonly kind: 'beat' }
  | { readonly kind: 'refresh'; readonly token: string }

/** What the server says on a presence stream. */
export interface ServerPresence {
  readonly updated: readonly Participant[]
  readonly left: readonly ClientId[]
  readonly detail: 'full' | 'sampled' | 'counts'
  /** Participants in all, the receiver not counted. */
  readonly count: number
}

export interface Participant {
  readonly clientId: ClientId
  /** Empty when anonymous. */
  readonly userId: string
  readonly state: PresenceState
}

export interface PresenceState {
  readonly name: string
  /** `#rrggbb`. */
  readonly color: string
  readonly selection?: Selection
  readonly activity: 'active' | 'idle' | 'typing'
  /** JSON text of the application's own fields; empty when it has none. */
  readonly data: string
}

/** Units from the start, in the document as it was at `version`. */
export interface Selection {
  readonly version: number
  readonly anchor: number
  readonly head: number
}
