import { equalKeys } from '@concord/ot'
import type { Opened } from '@concord/protocol'
import type { Effect } from './effects.ts'
import { strand } from './hand-back.ts'
import { reachHead } from './on-committed.ts'
import type { Session } from './session.ts'
import { SnapshotAssembly } from './snapshot-assembly.ts'

/**
 * The session is open, or open again (R2, R3, R5). From here on nothing is in flight but what `opened` reports committed:
 * that waits for its slot in the stream; everything else can never commit and goes back in front of the buffer.
 */
export function onOpened(session: Session, opened: Opened, now: number): Effect[] {
  const effects: Effect[] = []
  const isOwnAnswer = session.phase.kind === 'opening'
  if (session.clientId !== undefined && session.clientId !== opened.clientId) effects.push(...adoptClientId(session))
  const isStale = session.rules.diskIsStale(session.lastSeq, opened)
  takeFacts(session, opened)
  if (isStale) effects.push(...strand(session, 'STALE_DEVICE'))
  if (isOwnAnswer || session.rules.unaskedOpenedFences) fence(session, opened)
  if (isOwnAnswer && !session.rules.bufferSurvivesReconnect) effects.push(...dropBuffer(session))
  session.lastSeq = Math.max(session.lastSeq, opened.lastSeq)
  if (opened.reason === 'diverged') session.distrust ??= 'server'
  effects.push({ kind: 'persist', urgent: false }, { kind: 'status' })
  if (opened.resume === 'snapshot') {
    session.phase = { kind: 'content', opened, assembly: new SnapshotAssembly() }
    return effects
  }
  session.phase = { kind: 'catching_up', opened }
  session.merged = []
  return [...effects, ...reachHead(session, now)]
}

function takeFacts(session: Session, opened: Opened): void {
  session.clientId = opened.clientId
  session.userId = opened.userId
  session.facts = { ...session.facts, role: opened.role, title: opened.title, durability: opened.durability }
  const key = session.rules.tieKey(opened)
  if (!equalKeys(key, session.branch.key)) session.branch.rekey(key)
}

function fence(session: Session, opened: Opened): void {
  const { flight, rules } = session
  if (flight === undefined || rules.reportedCommitted(flight.seq, opened)) return
  if (rules.unreported === 'keep') return
  session.branch.withdraw()
  session.flight = undefined
  session.settle(session.settledEdits)
}

/** What a client without R3 would do. */
function dropBuffer(session: Session): Effect[] {
  const taken = session.branch.inFlight === undefined ? session.branch.takeBackAll() : undefined
  return taken === undefined ? [] : session.showChange({ operation: taken.change, origin: 'resync' })
}

/** The server gave another id than the one asked for: what was in flight under the old one has an unknown fate (R17). */
export function adoptClientId(session: Session): Effect[] {
  session.clientId = undefined
  session.lastSeq = 0
  session.recent.disown(0)
  return session.flight === undefined ? [] : strand(session, 'OUTCOME_UNKNOWN', 'in_flight')
}
