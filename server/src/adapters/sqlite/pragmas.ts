import type { DatabaseSync } from 'node:sqlite'

interface Pragma {
  readonly name: string
  readonly set: string
  /** What reading it back must give. */
  readonly reads: string | number
}

/**
 * Set and asserted in this order at every start. An unknown or refused pragma is silent in SQLite, so a setting counts
 * only once it was read back on the connection that writes.
 */
const PRAGMAS: readonly Pragma[] = [
  // First, so that no shared memory file is made: the one process that may use the folder keeps the lock until it ends.
  { name: 'locking_mode', set: 'EXCLUSIVE', reads: 'exclusive' },
  { name: 'journal_mode', set: 'WAL', reads: 'wal' },
  // An fsync of the log for each commit, before it is acknowledged. NORMAL would wait for the checkpoint.
  { name: 'synchronous', set: 'FULL', reads: 2 },
  // On macOS fsync alone leaves the data in the drive's cache.
  { name: 'fullfsync', set: 'ON', reads: 1 },
  // Pages, 16 MiB: fewer checkpoints, each a pause of two fsyncs and the copying.
  { name: 'wal_autocheckpoint', set: '4096', reads: 4096 },
  { name: 'journal_size_limit', set: '67108864', reads: 67_108_864 },
  // KiB when negative.
  { name: 'cache_size', set: '-65536', reads: -65_536 },
  // Finds torn pages when they are loaded.
  { name: 'cell_size_check', set: 'ON', reads: 1 },
  { name: 'trusted_schema', set: 'OFF', reads: 0 },
]

/** @throws when a setting did not take */
export function setPragmas(database: DatabaseSync): void {
  for (const { name, set } of PRAGMAS) database.exec(`PRAGMA ${name} = ${set}`)
  const found = readPragmas(database)
  for (const { name, reads } of PRAGMAS) {
    if (found[name] !== reads) throw new Error(`SQLite runs with ${name} = ${String(found[name])} where ${reads} is needed: it cannot promise durability`)
  }
}

export function readPragmas(database: DatabaseSync): Record<string, string | number> {
  const found: Record<string, string | number> = {}
  for (const { name } of PRAGMAS) {
    const row = database.prepare(`PRAGMA ${name}`).get()
    found[name] = Object.values(row ?? {})[0] as string | number
  }
  return found
}
