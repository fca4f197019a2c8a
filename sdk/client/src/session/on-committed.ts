import { type Operation, overlap, transformRange } from '@concord/ot'
import type { Ack, Author, Change, Composed, ContentHash } from '@concord/protocol'
import { sameEffect } from './branch.ts'
import type { Effect } from './effects.ts'
import type { Session } from './session.ts'
import { flush, wait } from './submit.ts'

/** Silence after which the client tells how far it has read, in milliseconds. */
const PROGRESS_MS = 2_000

/** Versions after which it tells without waiting. */
const PROGRESS_VERSIONS = 64

/** A version that somebody else wrote (R1). */
export function onChange(session: Session, change: Change, now: number): Effect[] {
  if (!isNext(session, change.version)) return session.openAgain()
  const { version, epoch, author, operation, at } = change
  const shown = passOver(session, operation)
  if (shown === undefined) return session.distrustContent('length')
  session.recent.add({ version, author, operation, at }, now)
  return advance(session, version, epoch, change.hash, now, [
    ...session.showChange({ operation: shown, origin: 'remote', author }),
    { kind: 'committed', version, count: 1, author, operation, at, own: false },
  ])
}

/** A version that this client wrote, in its slot (R1). Its committed form must be the client's own rebase (R4). */
export function onAck(session: Session, ack: Ack, now: number): Effect[] {
  if (!isNext(session, ack.version)) return session.openAgain()
  const { branch, flight, rules } = session
  if (flight?.seq !== ack.seq || branch.inFlight === undefined) return onForgottenAck(session, ack, now)
  if (ack.operation !== undefined && rules.compareCommittedForm && !sameEffect(ack.operation, branch.inFlight)) {
    return session.distrustContent('committed_form')
  }
  const { operation, inverse } = branch.commit()
  const author = ownAuthor(session)
  session.flight = undefined
  session.retries = 0
  session.settle(flight.edits)
  session.facts = { ...session.facts, durability: ack.durability }
  session.recent.add({ version: ack.version, author, operation, at: ack.at }, now, { seq: ack.seq, inverse })
  return advance(session, ack.version, ack.epoch, ack.hash, now, [
    { kind: 'committed', version: ack.version, count: 1, author, operation, at: ack.at, own: true },
    { kind: 'persist', urgent: false },
    { kind: 'status' },
  ])
}

/** An own commit that this device no longer holds as pending: after a stale device, or a content older than the commit. */
function onForgottenAck(session: Session, ack: Ack, now: number): Effect[] {
  if (ack.operation === undefined || session.flight?.seq === ack.seq) return session.openAgain()
  const author = ownAuthor(session)
  const shown = passOver(session, ack.operation)
  if (shown === undefined) return session.distrustContent('length')
  session.recent.add({ version: ack.version, author, operation: ack.operation, at: ack.at }, now)
  return advance(session, ack.version, ack.epoch, ack.hash, now, [
    ...session.showChange({ operation: shown, origin: 'remote', author }),
    { kind: 'committed', version: ack.version, count: 1, author, operation: ack.operation, at: ack.at, own: true },
  ])
}

/** Several versions as one, while catching up; never past an own operation that still waits for its slot (R4). */
export function onComposed(session: Session, composed: Composed, now: number): Effect[] {
  const { fromVersion, toVersion, epoch, operation } = composed
  if (!session.rules.slot(session.version, fromVersion + 1) || toVersion <= fromVersion) return session.openAgain()
  if (!session.rules.composedMayPass(session.flight !== undefined)) return session.openAgain()
  const shown = passOver(session, operation)
  if (shown === undefined) return session.distrustContent('length')
  session.recent.jump(operation, now)
  return advance(session, toVersion, epoch, composed.hash, now, [
    ...session.showChange({ operation: shown, origin: 'remote' }),
    { kind: 'committed', version: toVersion, count: toVersion - fromVersion, operation, own: false },
  ])
}

/** Compares the content with the server's word; a difference is never silently kept (R16). */
export function checkHash(session: Session, hash: ContentHash | undefined): Effect[] {
  if (hash === undefined || !session.rules.checkInStep || session.branch.confirmed.hash() === hash) return []
  return session.distrustContent('hash')
}

/** From here on the client may submit, if it has caught up with the head that `opened` named. */
export function reachHead(session: Session, now: number): Effect[] {
  const { phase } = session
  if (phase.kind !== 'catching_up' || session.version < phase.opened.head) return []
  session.phase = { kind: 'live', opened: phase.opened }
  session.distrust = undefined
  const ranges = session.merged
  session.merged = []
  const merged: Effect[] = ranges.length === 0 ? [] : [{ kind: 'merged', ranges }]
  const tell = session.toldVersion === session.version ? [] : wait(session, 'progress', PROGRESS_MS)
  return [...merged, { kind: 'live' }, { kind: 'status' }, ...tell, ...flush(session, now)]
}

function isNext(session: Session, version: number): boolean {
  const { phase, rules } = session
  return (phase.kind === 'live' || phase.kind === 'catching_up') && rules.slot(session.version, version)
}

/** Lengths are checked before anything moves (R16). */
function passOver(session: Session, operation: Operation): Operation | undefined {
  const { branch } = session
  if (operation.baseLength !== branch.confirmed.length) return undefined
  const pending = session.phase.kind === 'catching_up' ? branch.pending() : undefined
  const both = pending === undefined ? [] : overlap(operation, pending)
  const shown = branch.receive(operation)
  if (shown === undefined || session.phase.kind !== 'catching_up') return shown
  const carried = session.merged.map((range) => transformRange(range, shown))
  const rest = branch.pending()
  const added = both.map((range) => transformRange(range, operation, 'outward')).map((range) => (rest === undefined ? range : transformRange(range, rest, 'outward')))
  session.merged = [...carried, ...added]
  return shown
}

/** Moves the version, then looks whether the content is in step, the head is reached, something can be sent. */
function advance(session: Session, version: number, epoch: number, hash: ContentHash | undefined, now: number, effects: Effect[]): Effect[] {
  session.version = version
  session.epoch = epoch
  // Somebody else may have emptied what was pending, so that no ack will tell.
  const settled = session.settledEdits
  session.settle(settled)
  if (session.settledEdits !== settled) effects.push({ kind: 'status' })
  const wrong = checkHash(session, hash)
  if (wrong.length > 0) return [...effects, ...wrong]
  const tell = version - session.toldVersion >= PROGRESS_VERSIONS ? [tellProgress(session)] : wait(session, 'progress', PROGRESS_MS)
  return [...effects, ...tell, ...reachHead(session, now), ...flush(session, now)]
}

/** How far this client has read, with the hash of S, so that the server can compare too (R16). */
export function tellProgress(session: Session): Effect {
  session.toldVersion = session.version
  const { rules, version, branch } = session
  return { kind: 'send', frame: { kind: 'progress', version, ...(rules.checkInStep ? { hash: branch.confirmed.hash() } : {}) } }
}

function ownAuthor(session: Session): Author {
  const { user, client } = session.branch.key
  return { userId: session.userId ?? '', userOrdinal: user, clientId: session.clientId ?? client }
}
