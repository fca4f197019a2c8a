import type { Role } from '@concord/protocol'
import type { DocumentKey, DocumentRecord, DocumentStore, EpochStart, StoredSnapshot } from '../../ports/index.ts'
import type { Packed } from './byte-writer.ts'

/**
 * What crosses between the server's thread and the storage thread. Appends go packed, many in one buffer; pages of
 * records come back packed; the rest is rare enough for structured clone.
 */
export interface Calls {
  claim: { args: { doc: DocumentKey; owner: string }; result: { epoch: number; head: number } }
  head: { args: { doc: DocumentKey }; result: { epoch: number; version: number } }
  epochStarts: { args: { doc: DocumentKey }; result: EpochStart[] }
  read: { args: { doc: DocumentKey; after: number; maxRecords: number; maxBytes: number }; result: Packed }
  putSlice: { args: PutSlice; result: undefined }
  getSlice: { args: { reading: number; doc: DocumentKey; atMost: number }; result: GotSlice }
  forget: { args: { transfer: number }; result: undefined }
  prune: { args: { doc: DocumentKey; keep: number }; result: undefined }
  create: DocumentCall<'create'>
  get: DocumentCall<'get'>
  list: DocumentCall<'list'>
  update: DocumentCall<'update'>
  delete: DocumentCall<'delete'>
  touch: DocumentCall<'touch'>
  role: { args: [DocumentKey, string]; result: Role | undefined }
  grants: DocumentCall<'grants'>
  setGrant: DocumentCall<'setGrant'>
  deleteGrant: DocumentCall<'deleteGrant'>
  fault: { args: Fault; result: undefined }
  inspect: { args: undefined; result: Inspection }
  limitPages: { args: { spare: number | undefined }; result: undefined }
  close: { args: undefined; result: undefined }
}

interface DocumentCall<Method extends 'create' | 'get' | 'list' | 'update' | 'delete' | 'touch' | 'grants' | 'setGrant' | 'deleteGrant'> {
  args: Parameters<DocumentStore[Method]>
  result: Awaited<ReturnType<DocumentStore[Method]>>
}

export type CallKind = keyof Calls
export type Args<Kind extends CallKind> = Calls[Kind]['args']
export type Result<Kind extends CallKind> = Calls[Kind]['result']
export type Document = DocumentRecord

/** One transaction's worth of a snapshot, so that a large one never holds up the appends of others for long. */
export interface PutSlice {
  /** Names this `put`, from its first slice to its last. */
  readonly putting: number
  readonly doc: DocumentKey
  readonly version: number
  /** With the first slice. */
  readonly state?: Uint8Array
  readonly firstOrdinal: number
  readonly chunks: Packed
  /** With the last slice, which makes the snapshot exist. */
  readonly head?: SnapshotHead
}

export interface SnapshotHead extends Omit<StoredSnapshot, 'state' | 'chunks' | 'checksum'> {
  readonly chunkCount: number
}

export type GotSlice =
  | { readonly kind: 'none' }
  | { readonly kind: 'corrupt'; readonly version: number }
  /** Removed while it was being read: begin again. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'slice'; readonly chunks: Packed; readonly found?: SnapshotFound }

/** With the last slice, after the checksum was found right. */
export type SnapshotFound = Omit<StoredSnapshot, 'chunks'>

export type Fault =
  | { readonly kind: 'nextAppend'; readonly outcome: 'applied' | 'lost' }
  | { readonly kind: 'unavailable'; readonly what: 'nothing' | 'writes' | 'everything' }
  /** The thread ends at once, with whatever it was asked. */
  | { readonly kind: 'crash' }

/** The pragmas that durability hangs on, read on the writing connection, and what it has done since it was opened. */
export interface Inspection {
  readonly pragmas: Readonly<Record<string, string | number>>
  /** Transactions committed. */
  readonly commits: number
  /** Appends committed in them. */
  readonly appends: number
  readonly format: number
  /** Snapshots that are half written or half read. */
  readonly transfers: number
}

export interface ToWorker {
  /** Appends, one after the other; see `packed-append.ts`. */
  readonly appends?: Packed
  readonly calls: readonly WaitingCall[]
}

export type WaitingCall = { readonly [Kind in CallKind]: { readonly id: number; readonly kind: Kind; readonly args: Args<Kind> } }[CallKind]

export type FromWorker =
  | { readonly kind: 'ready' }
  /** The data folder cannot be used; `message` says what to do. */
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'health'; readonly writable: boolean; readonly cause: string }
  /** Exactly one per {@link ToWorker}; answers may belong to either message of a group. */
  | { readonly kind: 'answers'; readonly messages: number; readonly appends: readonly number[]; readonly answers: readonly Answer[] }

/** Outcomes of appends travel as pairs (id, index in this list). */
export const OUTCOMES = ['committed', 'fenced', 'unknown'] as const

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }

/** An error as it crosses: structured clone forgets classes. */
export interface Failure {
  readonly kind: 'unavailable' | 'damaged' | 'broken'
  readonly message: string
  readonly version?: number
}
