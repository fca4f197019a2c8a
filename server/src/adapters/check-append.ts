import type { LogRecord } from '../ports/index.ts'

const INTEGERS = ['version', 'epoch', 'clientSeq', 'at', 'baseVersion', 'algorithm', 'format'] as const

/** What every log may rely on. A record out of step is a fault in the caller, so it throws instead of being stored. */
export function checkAppend(epoch: number, expectedHead: number, records: readonly LogRecord[]): void {
  for (const [index, record] of records.entries()) {
    const version = expectedHead + 1 + index
    if (record.version !== version) throw new RangeError(`Record ${index} has version ${record.version}, its place in the log is ${version}`)
    if (record.epoch !== epoch) throw new RangeError(`Record ${index} has epoch ${record.epoch}, it is appended under ${epoch}`)
    for (const field of INTEGERS) {
      if (!Number.isSafeInteger(record[field]) || record[field] < 0) throw new RangeError(`Record ${index} has ${field} ${record[field]}, which is no safe integer from 0 up`)
    }
  }
}

/** What a record counts towards `maxBytes` of a page. */
export function recordSize(record: Pick<LogRecord, 'bytes' | 'submitted'>): number {
  return record.bytes.length + (record.submitted?.length ?? 0)
}
