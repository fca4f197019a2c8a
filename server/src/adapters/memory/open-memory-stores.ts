import type { DocumentStore, OpLog, SnapshotStore, StorageFaults } from '../../ports/index.ts'
import { MemoryData } from './memory-data.ts'
import { MemoryDocumentStore } from './memory-document-store.ts'
import { MemoryGate } from './memory-gate.ts'
import { MemoryOpLog } from './memory-op-log.ts'
import { MemorySnapshotStore } from './memory-snapshot-store.ts'

export interface MemoryStores {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
  readonly faults: StorageFaults
  /** Every later call rejects with StorageUnavailable. */
  close(): Promise<void>
}

/**
 * All three stores in memory: for tests, the simulator and scratch servers. Every effect happens at the call, every
 * promise settles in the same turn, and there are no timers, so whoever schedules the callers decides all order.
 *
 * @param data what an earlier store left: opening it again is a restart after which nothing that was written is lost
 */
export function openMemoryStores(data: MemoryData = new MemoryData()): MemoryStores {
  const gate = new MemoryGate()
  return {
    opLog: new MemoryOpLog(data, gate),
    snapshots: new MemorySnapshotStore(data, gate),
    documents: new MemoryDocumentStore(data, gate),
    faults: gate,
    close: async () => gate.close(),
  }
}
