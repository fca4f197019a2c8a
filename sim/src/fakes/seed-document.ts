import { type ContentHash, DocumentText, type Operation, OperationBuilder } from '@concord/ot'
import { type Change, id64 } from '@concord/protocol'
import { createDocumentCodec } from '@concord/server/compose'
import { keyText, type DocumentKey, type LogRecord, type StoredSnapshot } from '@concord/server/ports'
import { snapshotChecksum } from '@concord/server/adapters/snapshot-checksum'
import type { MemoryData } from '@concord/server/adapters/memory/memory-data'

/** Who wrote what a document begins with. */
export const SEED_USER = 'seed'

/** Units in one row: below the limit of an operation, so that the rows are what a server could have written. */
const ROW_UNITS = 32_768

const CLIENT_ID = id64(1, 1)
const LINE = 'the quick brown fox jumps over the lazy dog and comes back for more\n'

/** Puts text of `units` into an empty log: the rows of one epoch and a snapshot at its head. @param at milliseconds since 1970 */
export function seedDocument(data: MemoryData, doc: DocumentKey, units: number, at: number): void {
  const log = data.log(doc)
  if (log.records.length > 0) throw new RangeError(`${keyText(doc)} has a history already: seed a document before anybody edits it`)
  if (units === 0) return
  const codec = createDocumentCodec()
  const text = DocumentText.empty()
  const records: LogRecord[] = []
  for (const operation of rows(units)) {
    text.apply(operation)
    records.push(recordOf(codec, operation, records.length + 1, text.hash(), at))
  }
  log.epoch = 1
  log.owner = SEED_USER
  log.records.push(...records)
  log.starts.push({ epoch: 1, version: 1 })
  data.snapshots.set(keyText(doc), [snapshotOf(codec, text, records.length, at)])
}

/** Each appends to what is there. */
function* rows(units: number): Generator<Operation> {
  const key = { user: 1, client: CLIENT_ID }
  for (let length = 0; length < units; ) {
    const more = Math.min(ROW_UNITS, units - length)
    const builder = new OperationBuilder(length)
    if (length > 0) builder.retain(length)
    yield builder.key(key).insert(filler(length, more)).build()
    length += more
  }
}

/** `units` of the same lines over and over, as they stand at `from`. */
export function filler(from: number, units: number): string {
  const skipped = from % LINE.length
  return LINE.repeat(Math.ceil((skipped + units) / LINE.length)).slice(skipped, skipped + units)
}

function recordOf(codec: ReturnType<typeof createDocumentCodec>, operation: Operation, version: number, hash: ContentHash, at: number): LogRecord {
  const author = { userId: SEED_USER, userOrdinal: 1, clientId: CLIENT_ID }
  const change: Change = { version, epoch: 1, author, operation, at, hash }
  return codec.recordOf(change, codec.changeBytes(change), { clientSeq: version, baseVersion: version - 1, algorithm: 1 })
}

function snapshotOf(codec: ReturnType<typeof createDocumentCodec>, text: DocumentText, version: number, at: number): StoredSnapshot {
  const state = codec.encodeSnapshotState({
    clients: [{ clientId: CLIENT_ID, userOrdinal: 1, lastSeq: version, version, at }],
    users: [{ userId: SEED_USER, ordinal: 1 }],
    epochs: [{ epoch: 1, version: 1 }],
  })
  const chunks = Array.from(text.chunks(), (chunk) => codec.encodeContent(chunk))
  return { version, epoch: 1, hash: text.hash(), format: codec.snapshotFormat, length: text.length, state, chunks, checksum: snapshotChecksum({ state, chunks }) }
}
