import type { DocumentKey, LogRecord } from '../../ports/index.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { readRecord, writeRecord } from './packed-record.ts'

/** One append on its way to the storage thread. */
export interface PackedAppend {
  readonly id: number
  readonly doc: DocumentKey
  readonly epoch: number
  readonly expectedHead: number
  readonly records: readonly SealedRecord[]
}

/** A record, and the packed form that its checksum covers. */
export interface SealedRecord {
  readonly record: LogRecord
  readonly packed: Uint8Array
}

export function writeAppend(writer: ByteWriter, id: number, doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): void {
  writer.integer(id)
  writer.text(doc.tenant)
  writer.text(doc.id)
  writer.integer(epoch)
  writer.integer(expectedHead)
  writer.integer(records.length)
  for (const record of records) writeRecord(writer, record)
}

export function readAppend(reader: ByteReader): PackedAppend {
  const id = reader.integer()
  const doc = { tenant: reader.text(), id: reader.text() }
  const epoch = reader.integer()
  const expectedHead = reader.integer()
  const count = reader.integer()
  const records: SealedRecord[] = []
  for (let n = 0; n < count; n += 1) {
    const start = reader.at
    const record = readRecord(reader, (text) => text)
    records.push({ record, packed: reader.since(start) })
  }
  return { id, doc, epoch, expectedHead, records }
}
