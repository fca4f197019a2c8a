import { overlap, transformRange } from '@concord/ot'
import type { Opened, SnapshotChunk } from '@concord/protocol'
import type { Effect } from './effects.ts'
import { reachHead } from './on-committed.ts'
import type { Session } from './session.ts'
import type { AssembledContent } from './snapshot-assembly.ts'

/** A chunk of the authoritative content; the last one starts the state path. */
export function onSnapshot(session: Session, chunk: SnapshotChunk, now: number): Effect[] {
  const { phase } = session
  if (phase.kind !== 'content') return session.openAgain()
  const result = phase.assembly.add(chunk)
  switch (result.kind) {
    case 'more':
      return []
    case 'broken':
      return session.distrustContent('hash')
    case 'complete':
      return takeContent(session, phase.opened, result, now)
  }
}

/**
 * The state path (R6). What the content is compared with, K, is S plus the operation in flight if that is committed, minus
 * acknowledged operations that the log has lost (R15); what is pending is everything not in K. Both move over the difference.
 */
function takeContent(session: Session, opened: Opened, content: AssembledContent, now: number): Effect[] {
  const { branch } = session
  const lost = takeLost(session, opened, now)
  if (session.flight !== undefined) {
    if (session.rules.inFlightIsKnown) {
      const { operation, inverse } = branch.commit()
      session.recent.jump(operation, now, { seq: session.flight.seq, inverse })
    } else branch.withdraw()
    session.settle(session.flight.edits)
    session.flight = undefined
  }
  const pending = branch.pending()
  const { change, difference } = branch.replace(content.text)
  const rest = branch.pending()
  const both = pending === undefined ? [] : overlap(difference, pending)
  session.merged = both.map((range) => transformRange(range, difference, 'outward')).map((range) => (rest === undefined ? range : transformRange(range, rest, 'outward')))
  session.version = content.version
  session.epoch = content.epoch
  session.toldVersion = content.version
  session.recent.jump(difference, now)
  session.distrust = undefined
  session.settle(session.settledEdits)
  session.phase = { kind: 'catching_up', opened }
  return [
    ...divergedEvent(session, opened, lost),
    ...session.showChange({ operation: change, origin: 'resync' }),
    { kind: 'persist', urgent: false },
    { kind: 'status' },
    ...reachHead(session, now),
  ]
}

/** Acknowledged operations above what the server reports are missing from its log: they become pending again (R15). */
function takeLost(session: Session, opened: Opened, now: number): number {
  if (!session.rules.resubmitLost) return 0
  const lost = session.recent.undoOwnAfter(opened.lastSeq)
  if (lost === undefined) return 0
  session.branch.reopen(lost.undo)
  session.recent.disown(opened.lastSeq)
  session.recent.jump(lost.undo, now)
  session.flight = undefined
  session.edits += lost.count
  return lost.count
}

function divergedEvent(session: Session, opened: Opened, resubmitted: number): Effect[] {
  if (opened.reason === 'history_forked' || resubmitted > 0) return [{ kind: 'diverged', reason: 'history_forked', version: session.version, resubmitted }]
  return opened.reason === 'diverged' ? [{ kind: 'diverged', reason: 'server', version: session.version, resubmitted: 0 }] : []
}
