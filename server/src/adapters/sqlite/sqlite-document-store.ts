import type { Role } from '@concord/protocol'
import type { DocumentKey, DocumentRecord, DocumentStore, GrantRecord, NewDocument } from '../../ports/index.ts'
import type { WorkerLink } from './worker-link.ts'

/** Documents and grants in SQLite. Each change is a call to the storage thread, committed with whatever else waits there. */
export class SqliteDocumentStore implements DocumentStore {
  readonly #link: WorkerLink

  constructor(link: WorkerLink) {
    this.#link = link
  }

  create(doc: DocumentKey, fields: NewDocument): Promise<DocumentRecord | 'exists'> {
    return this.#link.call('create', [doc, fields])
  }

  get(doc: DocumentKey): Promise<DocumentRecord | undefined> {
    return this.#link.call('get', [doc])
  }

  list(tenant: string, userId: string, pageSize: number, pageToken?: string): Promise<{ readonly documents: readonly DocumentRecord[]; readonly nextPageToken?: string }> {
    return this.#link.call('list', [tenant, userId, pageSize, pageToken])
  }

  update(doc: DocumentKey, change: { readonly title: string; readonly at: number; readonly etag?: string }): Promise<DocumentRecord | 'not_found' | 'stale'> {
    return this.#link.call('update', [doc, change])
  }

  delete(doc: DocumentKey, at: number, etag?: string): Promise<'deleted' | 'not_found' | 'stale'> {
    return this.#link.call('delete', [doc, at, etag])
  }

  touch(doc: DocumentKey, at: number): Promise<void> {
    return this.#link.call('touch', [doc, at])
  }

  role(doc: DocumentKey, userId: string): Promise<Role | undefined> {
    return this.#link.call('role', [doc, userId])
  }

  grants(doc: DocumentKey): Promise<readonly GrantRecord[]> {
    return this.#link.call('grants', [doc])
  }

  setGrant(doc: DocumentKey, grant: GrantRecord): Promise<'set' | 'not_found' | 'last_owner'> {
    return this.#link.call('setGrant', [doc, grant])
  }

  deleteGrant(doc: DocumentKey, userId: string): Promise<'deleted' | 'not_found' | 'last_owner'> {
    return this.#link.call('deleteGrant', [doc, userId])
  }

  close(): Promise<void> {
    return this.#link.close()
  }
}
