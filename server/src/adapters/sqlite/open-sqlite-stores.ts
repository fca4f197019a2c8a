import type { Timers } from '@concord/runtime'
import type { DocumentStore, OpLog, SnapshotStore, StorageFaults } from '../../ports/index.ts'
import type { Inspection } from './messages.ts'
import { SqliteDocumentStore } from './sqlite-document-store.ts'
import { SqliteOpLog } from './sqlite-op-log.ts'
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts'
import { WorkerLink } from './worker-link.ts'

export interface SqliteOptions {
  /** The data folder; made when it does not exist. One process at a time may use it. */
  readonly directory: string
  readonly runtime: { readonly timers: Pick<Timers, 'soon'> }
  /** Told when writing stops working (disk full, I/O error: reads go on, nothing is acknowledged) and when it works again. */
  readonly onHealth?: (writable: boolean, cause: string) => void
}

export interface SqliteStores {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
  readonly faults: SqliteFaults
  /** What the connection that writes says of itself. */
  inspect(): Promise<Inspection>
  /** Answers what was asked before, then releases the folder. The `close` of each store does the same. */
  close(): Promise<void>
}

/** For tests. */
export interface SqliteFaults extends StorageFaults {
  /** A disk that is full after so many more pages of 4 KiB; `undefined` gives it room again. */
  limitPages(spare: number | undefined): Promise<void>
  /** Ends the storage thread as a bug in it would. Rejects. */
  crash(): Promise<void>
}

/**
 * All three stores in one SQLite file, on a thread of their own. What resolves has been fsynced.
 *
 * @throws {DataFolderRefused} another process uses the folder, a newer version wrote it, or it cannot be read; the
 * message says what to do
 */
export async function openSqliteStores({ directory, runtime, onHealth = () => undefined }: SqliteOptions): Promise<SqliteStores> {
  const link = await WorkerLink.start({ directory, timers: runtime.timers, onHealth })
  return {
    opLog: new SqliteOpLog(link),
    snapshots: new SqliteSnapshotStore(link),
    documents: new SqliteDocumentStore(link),
    faults: {
      nextAppend: (outcome) => link.call('fault', { kind: 'nextAppend', outcome }),
      unavailable: (what) => link.call('fault', { kind: 'unavailable', what }),
      limitPages: (spare) => link.call('limitPages', { spare }),
      crash: () => link.call('fault', { kind: 'crash' }),
    },
    inspect: () => link.call('inspect', undefined),
    close: () => link.close(),
  }
}
