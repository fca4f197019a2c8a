import type { LogRecord } from '../../ports/index.ts'
import type { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Packed } from './byte-writer.ts'

/**
 * A record between the threads, and what its checksum covers. Rows keep the checksum, so a change of this form needs a
 * new data format.
 */
export function writeRecord(writer: ByteWriter, record: LogRecord): void {
  writer.integer(record.version)
  writer.integer(record.epoch)
  writer.text(record.clientId)
  writer.integer(record.clientSeq)
  writer.text(record.userId)
  writer.integer(record.at)
  writer.integer(record.baseVersion)
  writer.integer(record.algorithm)
  writer.integer(record.format)
  writer.bytes(record.bytes)
  const { submitted } = record
  writer.integer(submitted === undefined ? 0 : 1)
  if (submitted !== undefined) writer.bytes(submitted)
}

export function readRecord(reader: ByteReader, intern: (text: string) => string): LogRecord {
  const record: LogRecord = {
    version: reader.integer(),
    epoch: reader.integer(),
    clientId: intern(reader.text()),
    clientSeq: reader.integer(),
    userId: intern(reader.text()),
    at: reader.integer(),
    baseVersion: reader.integer(),
    algorithm: reader.integer(),
    format: reader.integer(),
    bytes: reader.bytes(),
  }
  return reader.integer() === 0 ? record : { ...record, submitted: reader.bytes() }
}

/** Ids repeat from row to row: one string each instead of one a row. */
export function interner(): (text: string) => string {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found === undefined) known.set(text, text)
    return found ?? text
  }
}

/** A list of byte strings in one buffer. */
export function packBytes(parts: readonly Uint8Array[]): Packed {
  const size = parts.reduce((sum, part) => sum + part.length + 8, 8)
  const writer = new ByteWriter(size)
  for (const part of parts) writer.bytes(part)
  return writer.finish()
}

export function unpackBytes(reader: ByteReader): Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = []
  while (!reader.done) parts.push(reader.bytes())
  return parts
}
