import type { DocumentKey, DocumentRecord, EpochStart, LogRecord, StoredSnapshot } from '../../ports/index.ts'
import { keyText } from '../../ports/index.ts'
import type { Role } from '@concord/protocol'

/** What the memory stores keep: the "disk" of a simulated node. Stores opened on the same data find everything again. */
export class MemoryData {
  /** By tenant/id. */
  readonly logs = new Map<string, MemoryLog>()
  /** By tenant/id, ascending by version. */
  readonly snapshots = new Map<string, StoredSnapshot[]>()
  /** By tenant, then id. */
  readonly tenants = new Map<string, Map<string, MemoryDocument>>()

  /** The log of a document, begun when it is new. */
  log(doc: DocumentKey): MemoryLog {
    const key = keyText(doc)
    let log = this.logs.get(key)
    if (log === undefined) {
      log = { epoch: 0, owner: '', records: [], starts: [] }
      this.logs.set(key, log)
    }
    return log
  }

  /** A document that is not deleted. */
  live(doc: DocumentKey): MemoryDocument | undefined {
    const found = this.tenants.get(doc.tenant)?.get(doc.id)
    return found === undefined || found.deleted ? undefined : found
  }

  /** Flips one bit of a stored snapshot, as a failing disk would: for tests. */
  damageSnapshot(doc: DocumentKey, version: number): void {
    const stored = this.snapshots.get(keyText(doc)) ?? []
    const index = stored.findIndex((snapshot) => snapshot.version === version)
    const snapshot = stored[index]
    if (snapshot === undefined) throw new RangeError(`No snapshot ${version} of ${keyText(doc)} to damage`)
    stored[index] = { ...snapshot, chunks: flipped(snapshot.chunks) }
  }
}

export interface MemoryLog {
  epoch: number
  owner: string
  /** The record of version v stands at v - 1. */
  readonly records: LogRecord[]
  readonly starts: EpochStart[]
}

export interface MemoryDocument {
  record: DocumentRecord
  revision: number
  deleted: boolean
  /** By user id. */
  readonly grants: Map<string, Role>
}

function flipped(chunks: readonly Uint8Array[]): Uint8Array[] {
  const [first, ...rest] = chunks
  if (first === undefined || first.length === 0) throw new RangeError('An empty snapshot has no bit to flip')
  const bad = first.slice()
  bad[0] = bad[0]! ^ 1
  return [bad, ...rest]
}
