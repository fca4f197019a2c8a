import type { AppendOutcome, DocumentKey, EpochStart, LogRecord, OpLog } from '../../ports/index.ts'
import { checkAppend, recordSize } from '../check-append.ts'
import type { MemoryData } from './memory-data.ts'
import type { MemoryGate } from './memory-gate.ts'

export class MemoryOpLog implements OpLog {
  readonly durability = 'volatile'
  readonly #data: MemoryData
  readonly #gate: MemoryGate

  constructor(data: MemoryData, gate: MemoryGate) {
    this.#data = data
    this.#gate = gate
  }

  async claim(doc: DocumentKey, owner: string): Promise<{ epoch: number; head: number }> {
    this.#gate.write()
    const log = this.#data.log(doc)
    log.epoch += 1
    log.owner = owner
    return { epoch: log.epoch, head: log.records.length }
  }

  async append(doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): Promise<AppendOutcome> {
    checkAppend(epoch, expectedHead, records)
    this.#gate.write()
    const log = this.#data.log(doc)
    if (epoch === 0 || log.epoch !== epoch || log.records.length !== expectedHead) return 'fenced'
    const fault = this.#gate.takeAppendFault()
    if (fault === 'lost') return 'unknown'
    if (records.length > 0 && log.starts.at(-1)?.epoch !== epoch) log.starts.push({ epoch, version: expectedHead + 1 })
    for (const record of records) log.records.push(ownCopy(record))
    return fault === 'applied' ? 'unknown' : 'committed'
  }

  async read(doc: DocumentKey, after: number, maxRecords: number, maxBytes: number): Promise<readonly LogRecord[]> {
    this.#gate.read()
    const { records } = this.#data.log(doc)
    const page: LogRecord[] = []
    let size = 0
    for (let at = after; at < records.length && page.length < maxRecords; at += 1) {
      const record = records[at]!
      page.push(record)
      size += recordSize(record)
      if (size >= maxBytes) break
    }
    return page
  }

  async head(doc: DocumentKey): Promise<{ epoch: number; version: number }> {
    this.#gate.read()
    const log = this.#data.log(doc)
    return { epoch: log.epoch, version: log.records.length }
  }

  async epochStarts(doc: DocumentKey): Promise<readonly EpochStart[]> {
    this.#gate.read()
    return [...this.#data.log(doc).starts]
  }

  async close(): Promise<void> {}
}

/** A real store keeps what the bytes were when it was asked; later changes to the caller's buffers must not reach it. */
function ownCopy(record: LogRecord): LogRecord {
  const { submitted } = record
  return { ...record, bytes: record.bytes.slice(), ...(submitted === undefined ? {} : { submitted: submitted.slice() }) }
}
