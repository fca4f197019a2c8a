import type { TieKey } from '@concord/ot'
import type { ClientId, Opened } from '@concord/protocol'

/**
 * The client's side of the protocol rules, one decision each (docs/spec.md numbers them). The session asks these and
 * nothing else, so that a test can switch one rule off and watch what breaks; `connect()` knows only {@link RULES}.
 */
export interface Rules {
  /** R1: whether a version may be applied on top of another. */
  readonly slot: (current: number, version: number) => boolean
  /** R3: whether `opened` tells that the operation in flight is committed. What it does not report is withdrawn. */
  readonly reportedCommitted: (seq: number, opened: Opened) => boolean
  /** R3: what becomes of the operation in flight that `opened` does not report. */
  readonly unreported: 'withdraw' | 'keep'
  /** R4: whether a composed group may pass while an own operation waits for its slot. */
  readonly composedMayPass: (awaitingCommit: boolean) => boolean
  /** R4: whether the client compares its rebase with the committed form. */
  readonly compareCommittedForm: boolean
  /** R5: whether an `opened` that nobody asked for fences like any other. */
  readonly unaskedOpenedFences: boolean
  /** R6: whether a committed operation in flight belongs to what the content is compared with. */
  readonly inFlightIsKnown: boolean
  /** R8: the number of the next submit. */
  readonly nextSeq: (lastSeq: number) => number
  /** R9: whether the operation is taken back beneath the buffer, which lives on; otherwise everything pending goes. */
  readonly bufferSurvivesReject: boolean
  /** R9: whether undo and redo are forgotten after a reject. */
  readonly clearUndoOnReject: boolean
  /** R3: whether what waits is still there after the stream was opened again. */
  readonly bufferSurvivesReconnect: boolean
  /** R10: whether the branch is stored before a submit leaves. */
  readonly persistBeforeSubmit: boolean
  /** R10: whether the device's copy is older than what this client id has committed. */
  readonly diskIsStale: (lastSeq: number, opened: Opened) => boolean
  /** R12: the client id to open with. */
  readonly clientId: (known: ClientId | undefined) => ClientId | undefined
  /** R13: the key of this client's inserts. */
  readonly tieKey: (opened: Opened) => TieKey
  /** R14: whether a buffer that came to nothing is forgotten instead of submitted. */
  readonly dropsEmpty: boolean
  /** R15: the epoch that `open` names beside the version. */
  readonly epoch: (epoch: number) => number
  /** R15: whether acknowledged operations that the log lost are submitted again. */
  readonly resubmitLost: boolean
  /** R16: whether lengths and hashes are compared. */
  readonly checkInStep: boolean
  /** R18: whether a branch above one operation's limit is split. */
  readonly splitLarge: boolean
}

export const RULES: Rules = Object.freeze({
  slot: (current: number, version: number) => version === current + 1,
  reportedCommitted: (seq: number, opened: Opened) => opened.lastSeq >= seq,
  unreported: 'withdraw',
  composedMayPass: (awaitingCommit: boolean) => !awaitingCommit,
  compareCommittedForm: true,
  unaskedOpenedFences: true,
  inFlightIsKnown: true,
  nextSeq: (lastSeq: number) => lastSeq + 1,
  bufferSurvivesReject: true,
  clearUndoOnReject: true,
  bufferSurvivesReconnect: true,
  persistBeforeSubmit: true,
  diskIsStale: (lastSeq: number, opened: Opened) => opened.lastSeq > lastSeq,
  clientId: (known: ClientId | undefined) => known,
  tieKey: (opened: Opened) => ({ user: opened.userOrdinal, client: opened.clientId }),
  dropsEmpty: true,
  epoch: (epoch: number) => epoch,
  resubmitLost: true,
  checkInStep: true,
  splitLarge: true,
})
