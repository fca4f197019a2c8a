import type { AppendOutcome, DocumentKey, EpochStart, LogRecord, OpLog } from '../../ports/index.ts'
import { checkAppend } from '../check-append.ts'
import { ByteReader } from './byte-reader.ts'
import { interner, readRecord } from './packed-record.ts'
import type { WorkerLink } from './worker-link.ts'

/** The log in SQLite. `committed` means fsynced on this machine. */
export class SqliteOpLog implements OpLog {
  readonly durability = 'local'
  readonly #link: WorkerLink

  constructor(link: WorkerLink) {
    this.#link = link
  }

  claim(doc: DocumentKey, owner: string): Promise<{ epoch: number; head: number }> {
    return this.#link.call('claim', { doc, owner })
  }

  async append(doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): Promise<AppendOutcome> {
    checkAppend(epoch, expectedHead, records)
    return this.#link.append(doc, epoch, expectedHead, records)
  }

  /** The bytes of a page are views of one buffer, so a record that is kept keeps its page: ask for small pages, or copy. */
  async read(doc: DocumentKey, after: number, maxRecords: number, maxBytes: number): Promise<readonly LogRecord[]> {
    const reader = new ByteReader(await this.#link.call('read', { doc, after, maxRecords, maxBytes }))
    const intern = interner()
    const records: LogRecord[] = []
    while (!reader.done) records.push(readRecord(reader, intern))
    return records
  }

  head(doc: DocumentKey): Promise<{ epoch: number; version: number }> {
    return this.#link.call('head', { doc })
  }

  epochStarts(doc: DocumentKey): Promise<readonly EpochStart[]> {
    return this.#link.call('epochStarts', { doc })
  }

  close(): Promise<void> {
    return this.#link.close()
  }
}
