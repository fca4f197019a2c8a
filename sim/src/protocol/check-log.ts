import { decodeChange } from '@concord/protocol'
import type { LogRecord } from '@concord/server/ports'
import { Fold } from '../checkers/fold.ts'

export interface LogReport {
  readonly wrong: readonly string[]
  readonly fold: Fold
}

/** Reads the log as a stranger would: versions without gaps, epochs that never go back, each submit once, every row applies. */
export function checkLog(records: readonly LogRecord[]): LogReport {
  const wrong: string[] = []
  const fold = new Fold()
  const seen = new Map<string, number>()
  let epoch = 0
  records.forEach((record, index) => {
    const { version, clientId, clientSeq } = record
    if (version !== index + 1) wrong.push(`version ${version} stands in place ${index + 1} of the log`)
    if (record.epoch < epoch) wrong.push(`version ${version} was written under epoch ${record.epoch} after epoch ${epoch}`)
    epoch = record.epoch
    const submit = `${clientId}:${clientSeq}`
    const before = seen.get(submit)
    if (before !== undefined) wrong.push(`submit ${submit} was committed twice, as ${before} and ${version} (R7)`)
    seen.set(submit, version)
    const change = decodeChange(record.bytes)
    if ('kind' in change) return void wrong.push(`version ${version} cannot be read: ${change.message}`)
    try {
      fold.apply(change.operation)
    } catch (error) {
      wrong.push(`version ${version} does not apply: ${String(error)}`)
    }
  })
  return { wrong, fold }
}
