import type { Operation } from '@concord/ot'
import type { Change, ClientId, Malformed } from '@concord/protocol'
import type { EpochStart, LogRecord } from '../ports/index.ts'
import type { FrameFactory } from './carrier.ts'

/** What the core needs of the codec. It is handed in by compose: the core itself knows no bytes. */
export interface DocumentCodec {
  readonly frame: FrameFactory
  /** The bytes of a change, made once: for the log and for every reader. */
  changeBytes(change: Change): Uint8Array
  recordOf(change: Change, bytes: Uint8Array, facts: RecordFacts): LogRecord
  changeOf(record: LogRecord): Change | Malformed
  encodeSubmitted(operation: Operation): Uint8Array
  /** Format number of the three below. */
  readonly snapshotFormat: number
  encodeSnapshotState(state: SnapshotState): Uint8Array
  decodeSnapshotState(bytes: Uint8Array): SnapshotState | Malformed
  encodeContent(content: Operation): Uint8Array
  decodeContent(bytes: Uint8Array): Operation | Malformed
}

/** What a row keeps of a submit beside the change. */
export interface RecordFacts {
  readonly clientSeq: number
  readonly baseVersion: number
  readonly algorithm: number
  readonly submitted?: Uint8Array
}

/** What a snapshot keeps beside the content. */
export interface SnapshotState {
  readonly clients: readonly ClientEntry[]
  readonly users: readonly UserEntry[]
  readonly epochs: readonly EpochStart[]
}

/** Last commit of a client id (R7). */
export interface ClientEntry {
  readonly clientId: ClientId
  /** Ordinal of the user it is bound to (R12). */
  readonly userOrdinal: number
  /** Above 0. */
  readonly lastSeq: number
  /** Version of that commit. */
  readonly version: number
  /** Time of that commit, milliseconds since 1970 (R17). */
  readonly at: number
}

/** A user of the document and the first part of his tie keys (R13). */
export interface UserEntry {
  readonly userId: string
  /** From 1: the lowest key stays nobody's. */
  readonly ordinal: number
}
