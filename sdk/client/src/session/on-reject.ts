import { type Reject, REASONS } from '@concord/protocol'
import { ConcordError } from '../concord-error.ts'
import type { Effect } from './effects.ts'
import type { Session } from './session.ts'
import { flush, wait } from './submit.ts'

/** A refused submit that may be tried again waits this long when the server does not say, in milliseconds. */
const RETRY_SUBMIT_MS = 1_000

/** Refusals of that kind in a row, after which the edit is handed back all the same: it may be what is refused. */
const MAX_RETRIES = 5

/** A refusal counts for the submit in flight of this session only; any other is late and means nothing (R9). */
export function onReject(session: Session, reject: Reject, now: number): Effect[] {
  if (session.phase.kind !== 'live' || session.flight?.seq !== reject.seq) return []
  const { reason, retryAfterMs } = reject.error
  const { advice, code } = REASONS[reason]
  switch (advice) {
    case 'resync':
      // Nothing is taken from the client: `opened` tells what became of the submit (R16).
      return reason === 'DIVERGED' ? session.distrustContent('server') : session.openAgain()
    case 'refresh':
      return session.openAgain()
    case 'retry':
      // A store or a source of roles that is away says nothing about the edit: it waits for as long as that takes.
      if (code === 'UNAVAILABLE' || session.retries++ < MAX_RETRIES) return retryLater(session, retryAfterMs ?? RETRY_SUBMIT_MS, now)
      return takeBack(session, reject, now)
    case 'stop':
      return takeBack(session, reject, now)
  }
}

/** A refusal is final for its number, so that the operation leaves again under a fresh one (R8). */
function retryLater(session: Session, delayMs: number, now: number): Effect[] {
  session.branch.withdraw()
  session.flight = undefined
  // An undo made meanwhile may leave nothing of it.
  session.settle(session.settledEdits)
  session.earliestSubmit = now + delayMs
  return [...wait(session, 'submit', delayMs), { kind: 'status' }]
}

/** Takes the one operation back beneath the buffer; all of it when the whole document is forbidden (R9). */
function takeBack(session: Session, reject: Reject, now: number): Effect[] {
  const { branch, flight } = session
  const all = !session.rules.bufferSurvivesReject || reject.error.reason === 'ROLE_REQUIRED'
  const edits = all ? session.edits : (flight?.edits ?? session.settledEdits)
  const taken = all ? branch.takeBackAll() : branch.takeBackInFlight()
  session.flight = undefined
  session.retries = 0
  session.settle(edits)
  session.clearUndo()
  if (taken === undefined) return flush(session, now)
  return [
    ...session.showChange({ operation: taken.change, origin: 'resync' }),
    { kind: 'persist', urgent: true },
    { kind: 'rejected', error: new ConcordError(reject.error), ...session.handedBack(taken.operation) },
    { kind: 'status' },
    ...flush(session, now),
  ]
}
