import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { DocumentKey, EpochStart, LogRecord } from '../../ports/index.ts'
import { LogDamaged, keyText } from '../../ports/index.ts'
import { recordSize } from '../check-append.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Packed } from './byte-writer.ts'
import type { PackedAppend } from './packed-append.ts'
import { writeRecord } from './packed-record.ts'

/** What an append needs to know of a document; kept, because this connection is the only one that writes. */
interface Tip {
  epoch: number
  head: number
  /** The epoch has an epoch_start row. */
  started: boolean
  /** CRC-32 of the key: records that end up under another document fail their checksum. */
  readonly seed: number
}

/** Documents whose tip is kept; beyond that the oldest is read again when it is needed. */
const MAX_TIPS = 20_000
/** Rows fetched at a time while a page fills up. */
const ROWS_AT_A_TIME = 512

const COLUMNS = 'version, epoch, client_id, client_seq, user_id, at, base_version, algorithm, format, bytes, submitted, checksum'

/** The log's tables. Methods that write run inside a transaction; `forget` goes with every rollback. */
export class OpLogTables {
  readonly #tips = new Map<string, Tip>()
  readonly #owner: StatementSync
  readonly #head: StatementSync
  readonly #start: StatementSync
  readonly #starts: StatementSync
  readonly #claim: StatementSync
  readonly #insert: StatementSync
  readonly #insertStart: StatementSync
  readonly #rows: StatementSync

  constructor(database: DatabaseSync) {
    const key = 'tenant = ? AND doc_id = ?'
    this.#owner = database.prepare(`SELECT epoch FROM log_owner WHERE ${key}`)
    this.#head = database.prepare(`SELECT max(version) AS head FROM op_log WHERE ${key}`)
    this.#start = database.prepare(`SELECT 1 FROM epoch_start WHERE ${key} AND epoch = ?`)
    this.#starts = database.prepare(`SELECT epoch, version FROM epoch_start WHERE ${key} ORDER BY epoch`)
    this.#claim = database.prepare('INSERT INTO log_owner VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET epoch = excluded.epoch, owner = excluded.owner')
    this.#insert = database.prepare(`INSERT INTO op_log (tenant, doc_id, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
    this.#insertStart = database.prepare('INSERT INTO epoch_start VALUES (?, ?, ?, ?)')
    this.#rows = database.prepare(`SELECT ${COLUMNS} FROM op_log WHERE ${key} AND version > ? ORDER BY version LIMIT ?`)
    this.#rows.setReturnArrays(true)
  }

  /** Drops what was remembered of rows that a rollback may have taken back. */
  forget(): void {
    this.#tips.clear()
  }

  claim(doc: DocumentKey, owner: string): { epoch: number; head: number } {
    const { epoch, head } = this.#tip(doc)
    this.#claim.run(doc.tenant, doc.id, epoch + 1, owner)
    this.#tips.delete(keyText(doc))
    return { epoch: epoch + 1, head }
  }

  append(append: PackedAppend): 'committed' | 'fenced' {
    const { doc, epoch, expectedHead, records } = append
    const tip = this.#tip(doc)
    if (tip.epoch !== epoch || tip.head !== expectedHead || epoch === 0) return 'fenced'
    if (records.length === 0) return 'committed'
    if (!tip.started) this.#insertStart.run(doc.tenant, doc.id, epoch, expectedHead + 1)
    for (const { record, packed } of records) this.#write(doc, record, crc32(packed, tip.seed))
    tip.started = true
    tip.head = expectedHead + records.length
    return 'committed'
  }

  head(doc: DocumentKey): { epoch: number; version: number } {
    const { epoch, head } = this.#tip(doc)
    return { epoch, version: head }
  }

  epochStarts(doc: DocumentKey): EpochStart[] {
    return this.#starts.all(doc.tenant, doc.id).map((row) => ({ epoch: row['epoch'] as number, version: row['version'] as number }))
  }

  /** A page of packed records, each checked. @throws {LogDamaged} */
  read(doc: DocumentKey, after: number, maxRecords: number, maxBytes: number): Packed {
    const writer = new ByteWriter(4_096)
    const { seed, head } = this.#tip(doc)
    const last = Math.min(head, after + maxRecords)
    let version = after
    let size = 0
    while (version < last) {
      const rows = this.#fetch(doc, version, Math.min(last - version, ROWS_AT_A_TIME))
      if (rows.length === 0) throw damaged(doc, version + 1, 'is missing')
      for (const row of rows) {
        version += 1
        size += pack(writer, row, version, seed, doc)
        if (size >= maxBytes) return writer.finish()
      }
    }
    return writer.finish()
  }

  #fetch(doc: DocumentKey, after: number, limit: number): SQLInputValue[][] {
    try {
      return this.#rows.all(doc.tenant, doc.id, after, limit) as unknown as SQLInputValue[][]
    } catch (error) {
      throw damaged(doc, after + 1, 'or one soon after it cannot be read', error)
    }
  }

  #write(doc: DocumentKey, record: LogRecord, checksum: number): void {
    this.#insert.run(
      doc.tenant,
      doc.id,
      record.version,
      record.epoch,
      record.clientId,
      record.clientSeq,
      record.userId,
      record.at,
      record.baseVersion,
      record.algorithm,
      record.format,
      record.bytes,
      record.submitted ?? null,
      checksum,
    )
  }

  #tip(doc: DocumentKey): Tip {
    const key = keyText(doc)
    const known = this.#tips.get(key)
    if (known !== undefined) return known
    const epoch = (this.#owner.get(doc.tenant, doc.id)?.['epoch'] ?? 0) as number
    const head = (this.#head.get(doc.tenant, doc.id)?.['head'] ?? 0) as number
    const started = this.#start.get(doc.tenant, doc.id, epoch) !== undefined
    const tip = { epoch, head, started, seed: crc32(key) }
    if (this.#tips.size >= MAX_TIPS) this.#tips.delete(this.#tips.keys().next().value!)
    this.#tips.set(key, tip)
    return tip
  }
}

/** @returns its size towards `maxBytes` */
function pack(writer: ByteWriter, row: readonly SQLInputValue[], version: number, seed: number, doc: DocumentKey): number {
  const record = recordOf(row)
  if (record.version !== version) throw damaged(doc, version, 'is missing')
  const start = writer.length
  try {
    writeRecord(writer, record)
  } catch (error) {
    throw damaged(doc, version, 'has a value of the wrong type', error)
  }
  if (crc32(writer.since(start), seed) !== row[11]) throw damaged(doc, version, 'fails its checksum')
  return recordSize(record)
}

function recordOf(row: readonly SQLInputValue[]): LogRecord {
  const record = {
    version: row[0] as number,
    epoch: row[1] as number,
    clientId: row[2] as string,
    clientSeq: row[3] as number,
    userId: row[4] as string,
    at: row[5] as number,
    baseVersion: row[6] as number,
    algorithm: row[7] as number,
    format: row[8] as number,
    bytes: row[9] as Uint8Array,
  }
  return row[10] === null ? record : { ...record, submitted: row[10] as Uint8Array }
}

function damaged(doc: DocumentKey, version: number, what: string, cause?: unknown): LogDamaged {
  return new LogDamaged(`Version ${version} of ${keyText(doc)} ${what} in the log`, version, { cause })
}
