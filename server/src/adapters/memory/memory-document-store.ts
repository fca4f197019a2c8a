import type { Role } from '@concord/protocol'
import type { DocumentKey, DocumentRecord, DocumentStore, GrantRecord, ListPosition, NewDocument } from '../../ports/index.ts'
import { listToken, parseListToken } from '../../ports/index.ts'
import type { MemoryData, MemoryDocument } from './memory-data.ts'
import type { MemoryGate } from './memory-gate.ts'

export class MemoryDocumentStore implements DocumentStore {
  readonly #data: MemoryData
  readonly #gate: MemoryGate

  constructor(data: MemoryData, gate: MemoryGate) {
    this.#data = data
    this.#gate = gate
  }

  async create(key: DocumentKey, fields: NewDocument): Promise<DocumentRecord | 'exists'> {
    this.#gate.write()
    let tenant = this.#data.tenants.get(key.tenant)
    if (tenant === undefined) this.#data.tenants.set(key.tenant, (tenant = new Map()))
    if (tenant.has(key.id)) return 'exists'
    const { title, type, creator, at } = fields
    const record = { key: { tenant: key.tenant, id: key.id }, title, type, creator, createdAt: at, updatedAt: at, etag: '1' }
    tenant.set(key.id, { record, revision: 1, deleted: false, grants: new Map([[creator, 'owner']]) })
    return record
  }

  async get(doc: DocumentKey): Promise<DocumentRecord | undefined> {
    this.#gate.read()
    return this.#data.live(doc)?.record
  }

  async list(tenant: string, userId: string, pageSize: number, pageToken?: string): Promise<{ documents: DocumentRecord[]; nextPageToken?: string }> {
    this.#gate.read()
    const from = pageToken === undefined ? FIRST_PAGE : parseListToken(pageToken)
    if (from === undefined) return { documents: [] }
    const documents = [...(this.#data.tenants.get(tenant)?.values() ?? [])]
      .filter((doc) => !doc.deleted && doc.grants.has(userId) && isBelow(doc.record, from))
      .map((doc) => doc.record)
      .sort((a, b) => b.updatedAt - a.updatedAt || (a.key.id < b.key.id ? -1 : 1))
    const page = documents.slice(0, pageSize)
    const last = page.at(-1)
    return documents.length > page.length && last !== undefined ? { documents: page, nextPageToken: listToken(last) } : { documents: page }
  }

  async update(key: DocumentKey, change: { readonly title: string; readonly at: number; readonly etag?: string }): Promise<DocumentRecord | 'not_found' | 'stale'> {
    this.#gate.write()
    const doc = this.#data.live(key)
    if (doc === undefined) return 'not_found'
    if (change.etag !== undefined && change.etag !== doc.record.etag) return 'stale'
    revise(doc, { title: change.title, updatedAt: Math.max(change.at, doc.record.updatedAt) })
    return doc.record
  }

  async delete(key: DocumentKey, at: number, etag?: string): Promise<'deleted' | 'not_found' | 'stale'> {
    this.#gate.write()
    const doc = this.#data.live(key)
    if (doc === undefined) return 'not_found'
    if (etag !== undefined && etag !== doc.record.etag) return 'stale'
    doc.deleted = true
    revise(doc, { updatedAt: Math.max(at, doc.record.updatedAt) })
    return 'deleted'
  }

  async touch(key: DocumentKey, at: number): Promise<void> {
    this.#gate.write()
    const doc = this.#data.live(key)
    if (doc !== undefined) doc.record = { ...doc.record, updatedAt: Math.max(at, doc.record.updatedAt) }
  }

  async role(doc: DocumentKey, userId: string): Promise<Role | undefined> {
    this.#gate.read()
    return this.#data.live(doc)?.grants.get(userId)
  }

  async grants(doc: DocumentKey): Promise<readonly GrantRecord[]> {
    this.#gate.read()
    const grants = [...(this.#data.live(doc)?.grants ?? [])].map(([userId, role]) => ({ userId, role }))
    return grants.sort((a, b) => (a.userId < b.userId ? -1 : 1))
  }

  async setGrant(key: DocumentKey, grant: GrantRecord): Promise<'set' | 'not_found' | 'last_owner'> {
    this.#gate.write()
    const doc = this.#data.live(key)
    if (doc === undefined) return 'not_found'
    if (grant.role !== 'owner' && isLastOwner(doc, grant.userId)) return 'last_owner'
    if (doc.grants.get(grant.userId) === grant.role) return 'set'
    doc.grants.set(grant.userId, grant.role)
    revise(doc, {})
    return 'set'
  }

  async deleteGrant(key: DocumentKey, userId: string): Promise<'deleted' | 'not_found' | 'last_owner'> {
    this.#gate.write()
    const doc = this.#data.live(key)
    if (doc === undefined || !doc.grants.has(userId)) return 'not_found'
    if (isLastOwner(doc, userId)) return 'last_owner'
    doc.grants.delete(userId)
    revise(doc, {})
    return 'deleted'
  }

  async close(): Promise<void> {}
}

const FIRST_PAGE: ListPosition = { updatedAt: Number.POSITIVE_INFINITY, id: '' }

function isBelow(record: DocumentRecord, from: ListPosition): boolean {
  return record.updatedAt < from.updatedAt || (record.updatedAt === from.updatedAt && record.key.id > from.id)
}

function isLastOwner(doc: MemoryDocument, userId: string): boolean {
  const owners = [...doc.grants].filter(([, role]) => role === 'owner')
  return owners.length === 1 && owners[0]![0] === userId
}

function revise(doc: MemoryDocument, change: { readonly title?: string; readonly updatedAt?: number }): void {
  doc.revision += 1
  doc.record = { ...doc.record, ...change, etag: String(doc.revision) }
}
