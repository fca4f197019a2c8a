import { equals, insertedLength, isEmpty, type Operation, stamp, type TieKey, transform } from '@concord/ot'
import type { Role } from '@concord/protocol'
import { type DocumentKey, keyText } from '../ports/index.ts'
import type { Pending, Said } from './client-table.ts'
import type { EpochTable } from './epoch-table.ts'
import { mayDo } from './permissions.ts'

/**
 * The server's side of the protocol rules, one decision each (docs/spec.md numbers them), and the guards around them. The
 * core asks these and nothing else, so that a test can switch one off and watch what breaks. The parameter that takes them
 * exists for tests alone: compose knows only {@link RULES}.
 */
export interface ServerRules {
  /** R2: whether an open waits until what the client id's older sessions submitted is decided. */
  readonly openWaitsFor: (pending: Pending | undefined) => boolean
  /** R2: whether a submit of a session that is not current any more is refused. */
  readonly refusesReplaced: (isCurrent: boolean) => boolean
  /** R2: whether an owner asks the log who rules before it says what is committed. */
  readonly asksWhoRules: boolean
  /** R4: last version of a catch-up that comes one version at a time, given the client's own last commit. */
  readonly stepwiseUntil: (fromVersion: number, ownLastVersion: number) => number
  /** R4: whether a submit made before the end of a composed group is refused. */
  readonly refusesInsideGroup: (baseVersion: number, composedTo: number) => boolean
  /** R4: a submit past the operations committed since its base, one at a time. */
  readonly passOver: (committed: readonly Operation[], incoming: Operation) => Operation
  /** R7: whether a submit is the one that the client id committed last. */
  readonly isCommitted: (seq: number, lastSeq: number) => boolean
  /** R7: whether it is the one in the running append. */
  readonly isRunning: (seq: number, pending: Pending | undefined) => boolean
  /** R7: whether it is the one in the batch being formed. */
  readonly isForming: (seq: number, pending: Pending | undefined) => boolean
  /** R8: whether a sequence number is too low to mean anything. */
  readonly isIgnored: (seq: number, lastUsed: number) => boolean
  /** R8: whether a resend says the same as what its number said before. */
  readonly isSameSubmit: (before: Said, now: Said) => boolean
  /** R8: whether the base may be what it is, given the client's own last commit. */
  readonly knowsOwnCommit: (baseVersion: number, ownLastVersion: number) => boolean
  /** R12: whether a client id belongs to the user. */
  readonly isBoundTo: (boundTo: number, userOrdinal: number) => boolean
  /** R13: the submit with its session's key on every insert. */
  readonly stamped: (operation: Operation, key: TieKey) => Operation
  /** R14: whether a submit may not be because it changes nothing. */
  readonly isEmptySubmit: (operation: Operation) => boolean
  /** R14: whether what transformation left of a submit is committed. */
  readonly commitsEmptied: boolean
  /** R15: whether a client's version is one of this history. */
  readonly isAncestor: (epochs: EpochTable, head: number, version: number, epoch: number) => boolean
  /** R16: whether the submit was made for the document as it was at its base. */
  readonly lengthMatches: (baseLength: number, lengthAtBase: number) => boolean
  /** R17: whether a client id may be forgotten. */
  readonly mayExpire: (hasSession: boolean, hasPending: boolean) => boolean
  /** R19: whether operations are checked for canonical form. */
  readonly checksForm: boolean
  /** Durability: whether an append is answered before anybody hears of it. */
  readonly waitsForAppend: boolean
  /** Isolation: what tells loaded documents apart. */
  readonly hostKey: (doc: DocumentKey) => string
  /** Permissions: whether a role allows operations. */
  readonly mayEdit: (role: Role) => boolean
  /** Revocation: whether the sessions of a user without a role end. */
  readonly cutsWithoutRole: boolean
  /** Flow control: whether more of a catch-up is prepared for a reader who has not taken what is there. */
  readonly preparesMore: (preparedBytes: number, limit: number) => boolean
  /** Corruption: whether a snapshot's content is what the snapshot says it is. */
  readonly isIntact: (hash: string, hashSaid: string) => boolean
}

export const RULES: ServerRules = Object.freeze({
  openWaitsFor: (pending: Pending | undefined) => pending !== undefined,
  refusesReplaced: (isCurrent: boolean) => !isCurrent,
  asksWhoRules: true,
  stepwiseUntil: (fromVersion: number, ownLastVersion: number) => Math.max(fromVersion, ownLastVersion),
  refusesInsideGroup: (baseVersion: number, composedTo: number) => baseVersion < composedTo,
  passOver,
  isCommitted: (seq: number, lastSeq: number) => seq === lastSeq,
  isRunning: (seq: number, pending: Pending | undefined) => pending !== undefined && pending.stage === 'running' && pending.seq === seq,
  isForming: (seq: number, pending: Pending | undefined) => pending !== undefined && pending.stage === 'forming' && pending.seq === seq,
  isIgnored: (seq: number, lastUsed: number) => seq < lastUsed,
  isSameSubmit: (before: Said, now: Said) => before.baseVersion === now.baseVersion && equals(before.operation, now.operation),
  knowsOwnCommit: (baseVersion: number, ownLastVersion: number) => baseVersion >= ownLastVersion,
  isBoundTo: (boundTo: number, userOrdinal: number) => boundTo === userOrdinal,
  stamped: (operation: Operation, key: TieKey) => (insertedLength(operation) === 0 ? operation : stamp(operation, key)),
  isEmptySubmit: isEmpty,
  commitsEmptied: true,
  isAncestor: (epochs: EpochTable, head: number, version: number, epoch: number) => version <= head && epochs.epochOf(version) === epoch,
  lengthMatches: (baseLength: number, lengthAtBase: number) => baseLength === lengthAtBase,
  mayExpire: (hasSession: boolean, hasPending: boolean) => !hasSession && !hasPending,
  checksForm: true,
  waitsForAppend: true,
  hostKey: keyText,
  mayEdit: (role: Role) => mayDo(role, 'edit'),
  cutsWithoutRole: true,
  preparesMore: (preparedBytes: number, limit: number) => preparedBytes < limit,
  isIntact: (hash: string, hashSaid: string) => hash === hashSaid,
})

/** The committed operation is the unit on both sides: transforming over a composition would give something else. */
function passOver(committed: readonly Operation[], incoming: Operation): Operation {
  let passed = incoming
  for (const operation of committed) passed = transform(operation, passed)[1]
  return passed
}
