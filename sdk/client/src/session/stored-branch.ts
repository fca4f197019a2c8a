import type { DocumentText, Operation } from '@concord/ot'
import type { ClientId } from '@concord/protocol'

/** What a device keeps of one document for one user, so that no edit is lost with the tab (R10). */
export interface StoredBranch {
  /** `documents/{id}`. */
  readonly document: string
  /** Whose edits these are: another login neither sees nor submits them (R11). Absent before the first `opened`. */
  readonly userId?: string
  readonly clientId?: ClientId
  /** Highest sequence number used. */
  readonly lastSeq: number
  /** Version of `content`, and the epoch that wrote it. */
  readonly version: number
  readonly epoch: number
  /** S: a snapshot the store may keep. */
  readonly content: DocumentText
  /** Against `content`. */
  readonly inFlight?: { readonly seq: number; readonly operation: Operation }
  /** After the operation in flight. */
  readonly buffer?: Operation
}
