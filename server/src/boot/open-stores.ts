import type { Runtime } from '@concord/runtime'
import { openMemoryStores } from '../adapters/memory/open-memory-stores.ts'
import { openSqliteStores } from '../adapters/sqlite/open-sqlite-stores.ts'
import type { ServerConfig } from '../config.ts'
import type { DocumentStore, OpLog, SnapshotStore } from '../ports/index.ts'

export interface Stores {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
}

export function openStores({ store, data }: ServerConfig, runtime: Runtime, onHealth: (writable: boolean, cause: string) => void): Promise<Stores> {
  switch (store) {
    case 'sqlite':
      return openSqliteStores({ directory: data, runtime, onHealth })
    case 'memory':
      return Promise.resolve(openMemoryStores())
  }
}
