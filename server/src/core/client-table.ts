import type { ClientId, Reject, SessionId, Submit } from '@concord/protocol'
import type { ClientEntry } from './document-codec.ts'
import type { ServerRules } from './rules.ts'

/** What one sequence number stands for, for ever (R8). */
export type Said = Pick<Submit, 'seq' | 'baseVersion' | 'operation'>

/** A submit between its acceptance and its decision. */
export interface Pending {
  readonly seq: number
  readonly version: number
  readonly said: Said
  stage: 'forming' | 'running'
}

/** What is known of one client id. */
export interface Client {
  readonly clientId: ClientId
  /** Ordinal of the user it is bound to (R12). */
  readonly userOrdinal: number
  /** Last commit; 0 when there is none. */
  lastSeq: number
  lastVersion: number
  /** Of the last commit or open, milliseconds since 1970. */
  at: number
  /** The last commit as it was submitted; unknown when another epoch wrote it. */
  lastSaid: Said | undefined
  pending: Pending | undefined
  /** The current session (R2). */
  session: SessionId | undefined
  /** The last reject of the current session, which is not durable (R9). */
  rejected: { readonly said: Said; readonly reject: Reject } | undefined
  /** Opens so far: of two at once the later one wins. */
  opens: number
}

/** Client ids of one document with their last commits (R7), and when they are forgotten (R17). */
export class ClientTable {
  private readonly clients = new Map<ClientId, Client>()

  get size(): number {
    return this.clients.size
  }

  get(clientId: ClientId): Client | undefined {
    return this.clients.get(clientId)
  }

  add(clientId: ClientId, userOrdinal: number, at: number): Client {
    const client: Client = {
      clientId,
      userOrdinal,
      lastSeq: 0,
      lastVersion: 0,
      at,
      lastSaid: undefined,
      pending: undefined,
      session: undefined,
      rejected: undefined,
      opens: 0,
    }
    this.clients.set(clientId, client)
    return client
  }

  delete(clientId: ClientId): void {
    this.clients.delete(clientId)
  }

  /** A commit read from the log or a snapshot. */
  restore(entry: ClientEntry): void {
    const client = this.clients.get(entry.clientId) ?? this.add(entry.clientId, entry.userOrdinal, entry.at)
    if (entry.lastSeq < client.lastSeq) return
    client.lastSeq = entry.lastSeq
    client.lastVersion = entry.version
    client.at = entry.at
  }

  /** Forgets client ids older than `maxAgeMs`, and the oldest of more than `maxEntries`, where the rule allows (R17). */
  expire(now: number, maxEntries: number, maxAgeMs: number, rules: ServerRules): number {
    const surplus = this.clients.size - maxEntries
    const candidates = [...this.clients.values()].filter((client) => rules.mayExpire(client.session !== undefined, client.pending !== undefined))
    candidates.sort((a, b) => a.at - b.at)
    const expired = candidates.filter((client, index) => index < surplus || now - client.at > maxAgeMs)
    for (const { clientId } of expired) this.clients.delete(clientId)
    return expired.length
  }

  /** Those that have committed; of the others a restart knows nothing. */
  entries(): ClientEntry[] {
    const committed = [...this.clients.values()].filter(({ lastSeq }) => lastSeq > 0)
    return committed.map(({ clientId, userOrdinal, lastSeq, lastVersion, at }) => ({ clientId, userOrdinal, lastSeq, version: lastVersion, at }))
  }
}
