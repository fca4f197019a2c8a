import type { Role } from '@concord/protocol'
import { type DocumentKey, keyText, StorageUnavailable } from '../ports/index.ts'
import type { Parts } from './parts.ts'

/**
 * Who may do what in one document, at most a few seconds old: an operation is checked against it when it is taken. When the
 * source does not answer, what was verified within a minute still reads, and nobody writes.
 */
export class RoleCache {
  private readonly doc: DocumentKey
  private readonly parts: Parts
  private roles: ReadonlyMap<string, Role> = new Map()
  private fetchedAt = Number.NEGATIVE_INFINITY
  private fetching: Promise<boolean> | undefined
  /** Counts invalidations: an answer that was asked for before one is not taken. */
  private generation = 0

  constructor(doc: DocumentKey, parts: Parts) {
    this.doc = doc
    this.parts = parts
  }

  /** Whether roles are young enough to write by. */
  get isFresh(): boolean {
    return this.age() < this.parts.limits.roleCacheMs
  }

  /** Whether roles are young enough to read by while their source is gone. */
  get isReadable(): boolean {
    return this.age() < this.parts.limits.roleStaleMs
  }

  /** Whether it is time to ask again before anybody has to wait for it. */
  get isAgeing(): boolean {
    const { roleCacheMs, tickMs } = this.parts.limits
    return this.age() >= roleCacheMs - tickMs
  }

  role(userId: string): Role | undefined {
    return this.roles.get(userId)
  }

  /** Forgets what is known: a grant changed. */
  invalidate(): void {
    this.generation++
    this.fetchedAt = Number.NEGATIVE_INFINITY
    this.fetching = undefined
  }

  /** Asks the store, once for all who wait. False when it does not answer. */
  refresh(): Promise<boolean> {
    this.fetching ??= this.fetch()
    return this.fetching
  }

  private async fetch(): Promise<boolean> {
    const { generation } = this
    const askedAt = this.parts.runtime.clock.monotonic()
    try {
      const grants = await this.parts.documents.grants(this.doc)
      if (generation !== this.generation) return this.refresh()
      this.roles = new Map(grants.map(({ userId, role }) => [userId, role]))
      this.fetchedAt = askedAt
      return true
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) this.parts.telemetry.log('error', 'roles cannot be read', { document: keyText(this.doc), cause: String(error) })
      return false
    } finally {
      if (generation === this.generation) this.fetching = undefined
    }
  }

  private age(): number {
    return this.parts.runtime.clock.monotonic() - this.fetchedAt
  }
}
