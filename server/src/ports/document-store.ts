import type { Role } from '@concord/protocol'
import type { DocumentKey } from './document-key.ts'

/** Documents' metadata and grants. Rejects with StorageUnavailable when it cannot be asked; what resolves is durable. */
export interface DocumentStore {
  /** `exists` when the id is taken, also by a deleted document. The creator becomes owner in the same transaction. */
  create(doc: DocumentKey, fields: NewDocument): Promise<DocumentRecord | 'exists'>
  /** `undefined` when unknown or deleted. */
  get(doc: DocumentKey): Promise<DocumentRecord | undefined>
  /** Documents the user has a grant on, last changed first. `pageToken` from the page before. */
  list(tenant: string, userId: string, pageSize: number, pageToken?: string): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextPageToken?: string }>
  /** Compare-and-set on `etag` when given. */
  update(doc: DocumentKey, change: { readonly title: string; readonly at: number; readonly etag?: string }): Promise<DocumentRecord | 'not_found' | 'stale'>
  /** Marks as deleted; the log stays. */
  delete(doc: DocumentKey, at: number, etag?: string): Promise<'deleted' | 'not_found' | 'stale'>
  /** Notes that the content changed, for the order of `list`. Best effort, coalesced by the caller. */
  touch(doc: DocumentKey, at: number): Promise<void>

  role(doc: DocumentKey, userId: string): Promise<Role | undefined>
  grants(doc: DocumentKey): Promise<readonly GrantRecord[]>
  /** `last_owner` when it would leave the document without one; nothing changes then. */
  setGrant(doc: DocumentKey, grant: GrantRecord): Promise<'set' | 'not_found' | 'last_owner'>
  deleteGrant(doc: DocumentKey, userId: string): Promise<'deleted' | 'not_found' | 'last_owner'>

  close(): Promise<void>
}

export interface NewDocument {
  readonly title: string
  /** Document type, as `text`. */
  readonly type: string
  readonly creator: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface DocumentRecord {
  readonly key: DocumentKey
  readonly title: string
  readonly type: string
  readonly creator: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly etag: string
}

export interface GrantRecord {
  readonly userId: string
  readonly role: Role
}
