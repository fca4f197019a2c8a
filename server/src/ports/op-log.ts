import type { ClientId, Durability } from '@concord/protocol'
import type { DocumentKey } from './document-key.ts'

/**
 * The operation log: the one truth about a document. Versions are gap-free from 1; version 0 is the empty document.
 *
 * Every append is a compare-and-set on (epoch, head), so two owners can never both write a version, whatever leases say.
 * Callers keep one append in flight per document; an adapter may commit many documents in one transaction. Methods
 * reject only when the store cannot be asked ({@link StorageUnavailable}). An append that rejects has written nothing; a
 * claim may have taken effect all the same: it costs an epoch, and is made again.
 */
export interface OpLog {
  /** The durability that `committed` means here. */
  readonly durability: Durability

  /**
   * Takes the document over: every append under an earlier epoch is fenced from now on.
   *
   * @param owner unique text of this claim, so that two claimants of one epoch can be told apart
   * @returns the new epoch, above every earlier one (first: 1), and the version at the head (0: nothing written yet)
   */
  claim(doc: DocumentKey, owner: string): Promise<{ readonly epoch: number; readonly head: number }>

  /**
   * Writes `records` with versions `expectedHead + 1 ...`, all or none.
   *
   * @returns `committed`: durable. `fenced`: nothing written, another epoch or head rules. `unknown`: the caller must
   * claim again and read before it answers anybody.
   */
  append(doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): Promise<AppendOutcome>

  /** Records with versions above `after`, in order, without gaps; ends at `maxRecords`, or once `maxBytes` is reached (at least one record when there is one). */
  read(doc: DocumentKey, after: number, maxRecords: number, maxBytes: number): Promise<readonly LogRecord[]>

  /** The last epoch claimed (0: never) and the version at the head. */
  head(doc: DocumentKey): Promise<{ readonly epoch: number; readonly version: number }>

  /** Where each epoch began: for rule R15. Ascending; an epoch that wrote nothing is left out. */
  epochStarts(doc: DocumentKey): Promise<readonly EpochStart[]>

  close(): Promise<void>
}

export type AppendOutcome = 'committed' | 'fenced' | 'unknown'

export interface EpochStart {
  readonly epoch: number
  /** First version this epoch wrote. */
  readonly version: number
}

/** One row. What the log needs for fences and audit stands in columns; `bytes` are opaque to it. */
export interface LogRecord {
  readonly version: number
  readonly epoch: number
  readonly clientId: ClientId
  readonly clientSeq: number
  readonly userId: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Version the client submitted against. */
  readonly baseVersion: number
  /** Version of the OT algorithm. */
  readonly algorithm: number
  /** Format of `bytes`; 1: a `concord.v1.Change`. */
  readonly format: number
  /** Equal to the `change` on the wire. */
  readonly bytes: Uint8Array
  /** The submitted operation (`concord.v1.Operation`) where the committed form differs from it: for audit and replay to a bad transform. */
  readonly submitted?: Uint8Array
}

/** The store cannot be asked: disk full, I/O error, closed, unreachable. */
export class StorageUnavailable extends Error {
  override readonly name: string = 'StorageUnavailable'
}

/**
 * What this document stored cannot be trusted: a checksum fails, a row is missing, a page is torn. Only this document
 * suffers, retrying does not help, and the rows below `version` are good. The caller stops writing to it (DATA_LOSS).
 */
export class LogDamaged extends StorageUnavailable {
  override readonly name: string = 'LogDamaged'
  /** The first version that cannot be read. */
  readonly version: number

  constructor(message: string, version: number, options?: ErrorOptions) {
    super(message, options)
    this.version = version
  }
}
