import type { Effect, SessionTimer } from './effects.ts'
import { unstamp } from '@concord/ot'
import type { Session } from './session.ts'

/** Sends the buffer, or its first part, when the session is in step, nothing is in flight, and the pace allows. */
export function flush(session: Session, now: number): Effect[] {
  const { branch, phase, rules } = session
  if (phase.kind !== 'live' || branch.inFlight !== undefined || branch.buffer === undefined) return []
  if (now < session.earliestSubmit) return wait(session, 'submit', session.earliestSubmit - now)
  const operation = branch.launch(!rules.splitLarge)
  const seq = rules.nextSeq(session.lastSeq)
  session.lastSeq = seq
  // A split leaves the rest in the buffer: the newest edits are decided with the last part only.
  session.flight = { seq, edits: branch.buffer === undefined ? session.edits : session.settledEdits }
  session.earliestSubmit = now + Math.max(session.ownPaceMs, session.serverPaceMs)
  const send: Effect = {
    kind: 'send',
    frame: { kind: 'submit', submit: { session: phase.opened.session, clientId: phase.opened.clientId, seq, baseVersion: session.version, operation: unstamp(operation) } },
  }
  return rules.persistBeforeSubmit ? [{ kind: 'persist', urgent: true }, send] : [send, { kind: 'persist', urgent: false }]
}

/** One timer of a kind at a time. */
export function wait(session: Session, timer: SessionTimer, delayMs: number): Effect[] {
  const field = timer === 'submit' ? 'submitTimer' : 'progressTimer'
  if (session[field]) return []
  session[field] = true
  return [{ kind: 'timer', timer, delayMs }]
}
