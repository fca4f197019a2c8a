import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemRuntime } from '@concord/runtime'
import type { DocumentKey } from '../../ports/index.ts'
import type { SqliteStores } from './open-sqlite-stores.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'

/** A data folder of its own for a test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'concord-sqlite-'))
}

export function removeFolder(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
}

/** Edits the file behind the back of stores that are closed. */
export function editDatabase(directory: string, edit: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(directory, 'concord.db'))
  edit(database)
  database.close()
}

/** A harness of the contract suites: `part` picks the port. */
export function sqliteHarness<Store>(part: (stores: SqliteStores) => Store) {
  const directory = temporaryFolder()
  return {
    open: async () => {
      const stores = await openSqliteStores({ directory, runtime: systemRuntime })
      return { store: part(stores), faults: stores.faults, close: () => stores.close() }
    },
    damageSnapshot: async (doc: DocumentKey, version: number) =>
      editDatabase(directory, (database) => {
        const key = 'tenant = ? AND doc_id = ? AND version = ?'
        const bytes = database.prepare(`SELECT bytes FROM snapshot_chunk WHERE ${key} AND ordinal = 0`).get(doc.tenant, doc.id, version)!['bytes'] as Uint8Array
        bytes[0] = bytes[0]! ^ 1
        database.prepare(`UPDATE snapshot_chunk SET bytes = ? WHERE ${key} AND ordinal = 0`).run(bytes, doc.tenant, doc.id, version)
      }),
    destroy: async () => removeFolder(directory),
  }
}
