import type { ClientId, Open, Role, Submit, WireError } from '@concord/protocol'
import { type DocumentKey, type Identity, keyText, StorageUnavailable } from '../ports/index.ts'
import type { OpenFailure, SessionHandle, SessionHub, SubmitDecision } from './carrier.ts'
import { documentKey } from './document-name.ts'
import type { DocumentHost } from './document-host.ts'
import type { DocumentHosts } from './document-hosts.ts'
import { failure, NOT_FOUND, rateLimited, SESSION_UNKNOWN, storageUnavailable, wireError } from './failures.ts'
import type { Parts } from './parts.ts'
import { Rates } from './rates.ts'

/** Versions of the OT algorithm this server runs. */
const ALGORITHMS: readonly number[] = [1]

/** The door for sessions: who may come in at all, and to which document. */
export class CoreSessionHub implements SessionHub {
  private readonly parts: Parts
  private readonly hosts: DocumentHosts
  private readonly opens: Rates

  constructor(parts: Parts, hosts: DocumentHosts) {
    this.parts = parts
    this.hosts = hosts
    this.opens = new Rates(parts.limits.opensPerMinute / 60, parts.limits.opensPerMinute)
  }

  async open(identity: Identity, open: Open, wake: () => void): Promise<SessionHandle | OpenFailure> {
    const doc = documentKey(identity.tenant, open.document)
    if (doc === undefined) return failure(BAD_NAME)
    const refused = checkOpen(open) ?? this.checkRate(identity)
    if (refused !== undefined) return failure(refused)
    const host = await this.enter(identity, doc)
    if ('reason' in host) return failure(host)
    const stream = await guarded(this.parts, doc, () => host.open(identity, open, wake))
    return 'reason' in stream ? failure(stream) : stream
  }

  async submit(identity: Identity, document: string, submit: Submit): Promise<SubmitDecision> {
    const doc = documentKey(identity.tenant, document)
    if (doc === undefined) return failure(BAD_NAME)
    const role = await this.roleOf(identity, doc, this.hosts.loaded(doc))
    if (typeof role === 'object') return failure(role)
    const host = this.hosts.loaded(doc)
    // A session lives in one epoch: what is not loaded knows none.
    return host === undefined ? failure(SESSION_UNKNOWN) : host.submit(identity, submit)
  }

  /** Whether a running session has this client id for this user. */
  isPresent(doc: DocumentKey, clientId: ClientId, userId: string): boolean {
    return this.hosts.loaded(doc)?.isPresent(clientId, userId) ?? false
  }

  /** The document, for somebody who may read it. Nobody else makes the server load anything. */
  private async enter(identity: Identity, doc: DocumentKey): Promise<DocumentHost | WireError> {
    const before = this.hosts.loaded(doc)
    const role = await this.roleOf(identity, doc, before)
    if (typeof role === 'object') return role
    const host = await this.hosts.get(doc)
    if ('reason' in host) return host
    if (host.roles.role(identity.userId) === undefined || !host.roles.isReadable) {
      host.roles.invalidate()
      if (!(await host.roles.refresh())) return storageUnavailable(this.parts.limits.storageRetryMs)
    }
    return host.roles.role(identity.userId) === undefined ? NOT_FOUND : host
  }

  /** What the user may do, from memory when it is fresh there. */
  private async roleOf(identity: Identity, doc: DocumentKey, host: DocumentHost | undefined): Promise<Role | WireError> {
    const known = host?.roles.isFresh === true ? host.roles.role(identity.userId) : undefined
    if (known !== undefined) return known
    try {
      const role = (await this.parts.documents.get(doc)) === undefined ? undefined : await this.parts.documents.role(doc, identity.userId)
      return role ?? NOT_FOUND
    } catch (error) {
      const cached = host?.roles.isReadable === true ? host.roles.role(identity.userId) : undefined
      if (error instanceof StorageUnavailable) return cached ?? storageUnavailable(this.parts.limits.storageRetryMs)
      throw error
    }
  }

  private checkRate({ tenant, userId }: Identity): WireError | undefined {
    const now = this.parts.runtime.clock.monotonic()
    const key = `${tenant}/${userId}`
    this.opens.tidy(now)
    const wait = this.opens.wait(key, now)
    if (wait > 0) return rateLimited('Too many documents opened: wait before the next.', wait)
    this.opens.take(key, now)
    return undefined
  }
}

const BAD_NAME = wireError('FIELD_INVALID', 'A document name is documents/ and 1 to 64 of a-z 0-9 - _, beginning with a letter or digit.', { field: 'document' })

function checkOpen(open: Open): WireError | undefined {
  const isVersion = (value: number) => Number.isSafeInteger(value) && value >= 0
  if (!isVersion(open.version)) return wireError('FIELD_INVALID', 'A version is a whole number from 0.', { field: 'open.version' })
  if (!isVersion(open.epoch)) return wireError('FIELD_INVALID', 'An epoch is a whole number from 0.', { field: 'open.epoch' })
  if (open.algorithms.length > 0 && !open.algorithms.some((algorithm) => ALGORITHMS.includes(algorithm))) {
    return wireError('SDK_TOO_OLD', 'This document needs version 1 of the algorithm. Update the SDK.', { metadata: { algorithms: ALGORITHMS.join(',') } })
  }
  return undefined
}

/** Nothing in the core rejects towards a carrier: a raw handler that throws leaves its response hanging. */
export async function guarded<T>(parts: Parts, doc: DocumentKey, work: () => Promise<T>): Promise<T | WireError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StorageUnavailable) return storageUnavailable(parts.limits.storageRetryMs)
    parts.telemetry.log('error', 'an internal fault', { document: keyText(doc), cause: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    return wireError('INTERNAL', 'A fault of the server. Retry; if it stays, tell the operator.')
  }
}
