import { type Change, decodeChange, Malformed } from '@concord/protocol'
import type { LogRecord } from '../ports/index.ts'

/** Format number of `LogRecord.bytes` as this build writes them: a `concord.v1.Change`. */
export const RECORD_FORMAT = 1

/** What of a submit belongs into the log's columns beside the change. */
export interface SubmitFacts {
  readonly clientSeq: number
  /** Version the client submitted against. */
  readonly baseVersion: number
  readonly algorithm: number
  /** The submitted operation, encoded, where the committed form differs from it. */
  readonly submitted?: Uint8Array
}

/** @param bytes the encoded change, from the frame codec, so that log and wire share them */
export function recordOf(change: Change, bytes: Uint8Array, facts: SubmitFacts): LogRecord {
  return {
    version: change.version,
    epoch: change.epoch,
    clientId: change.author.clientId,
    userId: change.author.userId,
    at: change.at,
    format: RECORD_FORMAT,
    bytes,
    ...facts,
  }
}

/** The change of a row; malformed when its bytes are damaged or their format is newer than this build. */
export function changeOf(record: LogRecord): Change | Malformed {
  if (record.format !== RECORD_FORMAT) return new Malformed('format', `log format ${record.format} is not known to this build: install a newer one`)
  return decodeChange(record.bytes)
}
