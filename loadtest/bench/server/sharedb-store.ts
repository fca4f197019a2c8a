import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

type Done = (error: Error | null, succeeded?: boolean) => void

/** ShareDB's own in-memory store, as far as it is wrapped here. */
export interface MemoryDb {
  commit(collection: string, id: string, op: { readonly v: number }, snapshot: { readonly v: number; readonly data: unknown }, options: object, done: Done): void
}

interface Row {
  readonly values: readonly [collection: string, id: string, version: number, op: string, data: string]
  readonly done: Done
}

/**
 * ShareDB ships no durable store that needs no other server, so this gives its in-memory store the best one we know how to
 * make: reads stay in memory, and every commit goes to SQLite with `synchronous=FULL`, all commits of one turn of the
 * event loop in one transaction, before it is acknowledged.
 */
export function durable(memory: MemoryDb, folder: string): MemoryDb {
  const database = new DatabaseSync(join(folder, 'sharedb.db'))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE;
    CREATE TABLE ops (collection TEXT, id TEXT, version INTEGER, op TEXT, PRIMARY KEY (collection, id, version)) WITHOUT ROWID;
    CREATE TABLE snapshots (collection TEXT, id TEXT, version INTEGER, data TEXT, PRIMARY KEY (collection, id)) WITHOUT ROWID`)
  const insertOp = database.prepare('INSERT INTO ops VALUES (?, ?, ?, ?)')
  const putSnapshot = database.prepare('INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)')
  let waiting: Row[] = []

  const flush = (): void => {
    const rows = waiting
    waiting = []
    database.exec('BEGIN')
    for (const { values: [collection, id, version, op, data] } of rows) {
      insertOp.run(collection, id, version, op)
      putSnapshot.run(collection, id, version + 1, data)
    }
    database.exec('COMMIT')
    for (const { done } of rows) done(null, true)
  }

  const commit = memory.commit.bind(memory)
  memory.commit = (collection, id, op, snapshot, options, done) =>
    commit(collection, id, op, snapshot, options, (error, succeeded) => {
      if (error !== null || succeeded !== true) return done(error, succeeded)
      waiting.push({ values: [collection, id, op.v, JSON.stringify(op), JSON.stringify(snapshot.data)], done })
      if (waiting.length === 1) setImmediate(flush)
    })
  return memory
}
