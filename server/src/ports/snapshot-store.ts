import type { ContentHash } from '@concord/protocol'
import type { DocumentKey } from './document-key.ts'

/** Contents by version. A cache of the log, never the truth: a bad or missing one is rebuilt. */
export interface SnapshotStore {
  /** Durable when it resolves. Putting the same version again replaces it. Rejects with StorageUnavailable. */
  put(doc: DocumentKey, snapshot: StoredSnapshot): Promise<void>

  /** The one with the highest version at or below `atMost`; `undefined` when there is none. One whose checksum fails is `corrupt`, so that the caller can tell, and try below it. */
  latest(doc: DocumentKey, atMost: number): Promise<StoredSnapshot | { readonly corrupt: number } | undefined>

  /** Keeps the newest `keep` and removes the others; at least one stays. */
  prune(doc: DocumentKey, keep: number): Promise<void>

  close(): Promise<void>
}

export interface StoredSnapshot {
  readonly version: number
  /** Epoch that wrote that version; 0 with version 0. */
  readonly epoch: number
  readonly hash: ContentHash
  /** Format of `state` and `chunks`. */
  readonly format: number
  /** Units of the content. */
  readonly length: number
  /** Encoded bookkeeping: dedupe table, user ordinals, epoch starts. Made and read by `server/src/codec`. */
  readonly state: Uint8Array
  /** Content in order: each an encoded insert-only `concord.v1.Operation`, below 256 KiB. */
  readonly chunks: readonly Uint8Array[]
  /** SHA-256 over state and chunks, lowercase hexadecimal; made by the adapter's `put` (ignored there), checked by `latest`. */
  readonly checksum: string
}
