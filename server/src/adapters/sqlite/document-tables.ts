import type { Role } from '@concord/protocol'
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type { DocumentKey, DocumentRecord, GrantRecord, NewDocument } from '../../ports/index.ts'
import { listToken, parseListToken } from '../../ports/index.ts'

/** The tables of documents and grants. Methods that write run inside a transaction. */
export class DocumentTables {
  readonly #insert: StatementSync
  readonly #select: StatementSync
  readonly #revise: StatementSync
  readonly #touch: StatementSync
  readonly #list: StatementSync
  readonly #role: StatementSync
  readonly #grants: StatementSync
  readonly #otherOwners: StatementSync
  readonly #setGrant: StatementSync
  readonly #deleteGrant: StatementSync

  constructor(database: DatabaseSync) {
    const key = 'tenant = ? AND doc_id = ?'
    this.#insert = database.prepare('INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0) ON CONFLICT DO NOTHING')
    this.#select = database.prepare(`SELECT * FROM document WHERE ${key} AND deleted = 0`)
    this.#revise = database.prepare(`UPDATE document SET title = ?, updated_at = ?, deleted = ?, revision = revision + 1 WHERE ${key}`)
    this.#touch = database.prepare(`UPDATE document SET updated_at = max(updated_at, ?) WHERE ${key} AND deleted = 0`)
    this.#list = database.prepare(
      `SELECT d.* FROM document_grant g JOIN document d ON d.tenant = g.tenant AND d.doc_id = g.doc_id
       WHERE g.tenant = ?1 AND g.user_id = ?2 AND d.deleted = 0 AND (d.updated_at < ?3 OR (d.updated_at = ?3 AND d.doc_id > ?4))
       ORDER BY d.updated_at DESC, d.doc_id LIMIT ?5`,
    )
    this.#role = database.prepare(`SELECT role FROM document_grant WHERE ${key} AND user_id = ?`)
    this.#grants = database.prepare(`SELECT user_id, role FROM document_grant WHERE ${key} ORDER BY user_id`)
    this.#otherOwners = database.prepare(`SELECT count(*) AS n FROM document_grant WHERE ${key} AND role = 'owner' AND user_id <> ?`)
    this.#setGrant = database.prepare('INSERT INTO document_grant VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET role = excluded.role')
    this.#deleteGrant = database.prepare(`DELETE FROM document_grant WHERE ${key} AND user_id = ?`)
  }

  create(doc: DocumentKey, { title, type, creator, at }: NewDocument): DocumentRecord | 'exists' {
    if (this.#insert.run(doc.tenant, doc.id, title, type, creator, at, at).changes === 0) return 'exists'
    this.#setGrant.run(doc.tenant, doc.id, creator, 'owner')
    return this.get(doc)!
  }

  get(doc: DocumentKey): DocumentRecord | undefined {
    const row = this.#select.get(doc.tenant, doc.id)
    return row === undefined ? undefined : recordOf(row)
  }

  list(tenant: string, userId: string, pageSize: number, pageToken?: string): { documents: DocumentRecord[]; nextPageToken?: string } {
    const from = pageToken === undefined ? { updatedAt: Number.MAX_SAFE_INTEGER, id: '' } : parseListToken(pageToken)
    if (from === undefined) return { documents: [] }
    const rows = this.#list.all(tenant, userId, from.updatedAt, from.id, pageSize + 1)
    const documents = rows.slice(0, pageSize).map(recordOf)
    const last = documents.at(-1)
    return rows.length > pageSize && last !== undefined ? { documents, nextPageToken: listToken(last) } : { documents }
  }

  update(doc: DocumentKey, change: { readonly title: string; readonly at: number; readonly etag?: string }): DocumentRecord | 'not_found' | 'stale' {
    const live = this.get(doc)
    if (live === undefined) return 'not_found'
    if (change.etag !== undefined && change.etag !== live.etag) return 'stale'
    this.#revise.run(change.title, Math.max(change.at, live.updatedAt), 0, doc.tenant, doc.id)
    return this.get(doc)!
  }

  delete(doc: DocumentKey, at: number, etag?: string): 'deleted' | 'not_found' | 'stale' {
    const live = this.get(doc)
    if (live === undefined) return 'not_found'
    if (etag !== undefined && etag !== live.etag) return 'stale'
    this.#revise.run(live.title, Math.max(at, live.updatedAt), 1, doc.tenant, doc.id)
    return 'deleted'
  }

  touch(doc: DocumentKey, at: number): undefined {
    this.#touch.run(at, doc.tenant, doc.id)
  }

  role(doc: DocumentKey, userId: string): Role | undefined {
    if (this.get(doc) === undefined) return undefined
    return this.#role.get(doc.tenant, doc.id, userId)?.['role'] as Role | undefined
  }

  grants(doc: DocumentKey): GrantRecord[] {
    if (this.get(doc) === undefined) return []
    return this.#grants.all(doc.tenant, doc.id).map((row) => ({ userId: row['user_id'] as string, role: row['role'] as Role }))
  }

  setGrant(doc: DocumentKey, { userId, role }: GrantRecord): 'set' | 'not_found' | 'last_owner' {
    const live = this.get(doc)
    if (live === undefined) return 'not_found'
    const before = this.role(doc, userId)
    if (before === role) return 'set'
    if (before === 'owner' && this.#isOnlyOwner(doc, userId)) return 'last_owner'
    this.#setGrant.run(doc.tenant, doc.id, userId, role)
    this.#noteGrants(doc, live)
    return 'set'
  }

  deleteGrant(doc: DocumentKey, userId: string): 'deleted' | 'not_found' | 'last_owner' {
    const live = this.get(doc)
    const before = this.role(doc, userId)
    if (live === undefined || before === undefined) return 'not_found'
    if (before === 'owner' && this.#isOnlyOwner(doc, userId)) return 'last_owner'
    this.#deleteGrant.run(doc.tenant, doc.id, userId)
    this.#noteGrants(doc, live)
    return 'deleted'
  }

  #isOnlyOwner(doc: DocumentKey, userId: string): boolean {
    return this.#otherOwners.get(doc.tenant, doc.id, userId)!['n'] === 0
  }

  /** The etag changes with the grants, because a document shows its caller's role. */
  #noteGrants(doc: DocumentKey, record: DocumentRecord): void {
    this.#revise.run(record.title, record.updatedAt, 0, doc.tenant, doc.id)
  }
}

function recordOf(row: Record<string, SQLOutputValue>): DocumentRecord {
  return {
    key: { tenant: row['tenant'] as string, id: row['doc_id'] as string },
    title: row['title'] as string,
    type: row['type'] as string,
    creator: row['creator'] as string,
    createdAt: row['created_at'] as number,
    updatedAt: row['updated_at'] as number,
    etag: String(row['revision'] as number),
  }
}
