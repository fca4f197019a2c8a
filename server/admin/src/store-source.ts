import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { create, fromBinary } from '@bufbuild/protobuf'
import { ChangeSchema, type LoggedOperation, LoggedOperationSchema, OperationSchema } from '@concord/proto'
import { SnapshotStateSchema } from '@concord/proto/store'
import { CommandError, EXIT } from './command/exit.ts'
import type { ContentClaim, LogSource, SnapshotClaim } from './verify/verify-log.ts'

/** The one format of a data folder that this reads (`server/schema/sqlite`). */
const FORMAT = 1
const PAGE = 1_000

/**
 * A document's log and snapshots in the embedded store of a stopped server, read with SQL of its own: it shares the
 * schema with the server and nothing else. It takes the store's lock while it reads and changes nothing.
 */
export class StoreSource implements LogSource {
  readonly #database: DatabaseSync
  readonly #key: readonly [tenant: string, id: string]

  /** @throws CommandError when the folder holds no store, or a running server has it locked */
  constructor(directory: string, tenant: string, document: string) {
    this.#database = openStore(directory)
    this.#key = [tenant, document.replace('documents/', '')]
    const known = this.#database.prepare('SELECT 1 FROM document WHERE tenant = ? AND doc_id = ?').get(...this.#key)
    if (known !== undefined) return
    this.close()
    throw new CommandError(EXIT.unknown, `${directory} holds no ${document} of tenant ${tenant}`)
  }

  async *rows(): AsyncIterable<LoggedOperation> {
    const select = this.#database.prepare('SELECT version, client_seq, base_version, algorithm, format, bytes FROM op_log WHERE tenant = ? AND doc_id = ? AND version > ? ORDER BY version LIMIT ?')
    for (let after = 0; ; ) {
      const rows = select.all(...this.#key, after, PAGE)
      yield* rows.map(logged)
      after = Number(rows.at(-1)?.['version'] ?? 0)
      if (rows.length < PAGE) return
    }
  }

  async snapshots(): Promise<readonly SnapshotClaim[]> {
    const rows = this.#database.prepare('SELECT version, part, hash, state, checksum FROM snapshot WHERE tenant = ? AND doc_id = ?').all(...this.#key)
    return rows.map((row) => this.#snapshot(row))
  }

  async head(): Promise<ContentClaim | undefined> {
    return undefined
  }

  close(): void {
    this.#database.close()
  }

  #snapshot(row: Record<string, SQLOutputValue>): SnapshotClaim {
    const version = Number(row['version'])
    const chunks = this.#database
      .prepare('SELECT bytes FROM snapshot_chunk WHERE tenant = ? AND doc_id = ? AND version = ? AND part = ? ORDER BY ordinal')
      .all(...this.#key, version, Number(row['part']))
      .map(({ bytes }) => bytes as Uint8Array)
    const state = row['state'] as Uint8Array
    const checksum = createHash('sha256').update(state)
    for (const chunk of chunks) checksum.update(chunk)
    if (checksum.digest('hex') !== row['checksum']) return { version, hash: 0n, content: [], clients: new Map(), fault: 'fails its checksum' }
    const clients = new Map(fromBinary(SnapshotStateSchema, state).clients.map(({ clientId, lastSeq }) => [clientId, Number(lastSeq)]))
    return { version, hash: BigInt(`0x${String(row['hash'])}`), content: chunks.map((bytes) => fromBinary(OperationSchema, bytes)), clients }
  }
}

function openStore(directory: string): DatabaseSync {
  const file = join(directory, 'concord.db')
  if (!existsSync(file)) throw new CommandError(EXIT.unknown, `${directory} holds no store of a server`)
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    const format = database.prepare('PRAGMA user_version').get()?.['user_version']
    if (format !== FORMAT) throw new CommandError(EXIT.unknown, `${directory} has data format ${format}, this command reads ${FORMAT}`)
    return database
  } catch (error) {
    database.close()
    if (error instanceof Error && error.message.includes('locked')) throw new CommandError(EXIT.unknown, `a running server uses ${directory}: leave --data out to ask it, or stop it`)
    throw error
  }
}

/** A row whose bytes are no change keeps its place without an operation, so that the fold can name its version. */
function logged(row: Record<string, SQLOutputValue>): LoggedOperation {
  const [clientSeq, baseVersion] = [BigInt(Number(row['client_seq'])), BigInt(Number(row['base_version']))]
  const columns = { clientSeq, baseVersion, algorithm: Number(row['algorithm']), format: Number(row['format']) }
  try {
    return create(LoggedOperationSchema, { ...columns, change: fromBinary(ChangeSchema, row['bytes'] as Uint8Array) })
  } catch {
    return create(LoggedOperationSchema, columns)
  }
}
