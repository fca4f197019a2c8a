import type { StrandedEvent } from './effects.ts'
import type { Effect } from './effects.ts'
import type { Session } from './session.ts'

/**
 * Takes pending edits out of the document and hands them to the application, with what they stood on: nothing is thrown
 * away, and nothing is submitted whose fate is unknown. `in_flight` leaves the buffer alone.
 */
export function strand(session: Session, reason: StrandedEvent['reason'], what: 'all' | 'in_flight' = 'all'): Effect[] {
  const { branch } = session
  const edits = what === 'all' ? session.edits : (session.flight?.edits ?? session.settledEdits)
  const taken = what === 'all' || branch.inFlight === undefined ? branch.takeBackAll() : branch.takeBackInFlight()
  session.flight = undefined
  if (taken === undefined) return []
  session.settle(edits)
  session.clearUndo()
  return [
    ...session.showChange({ operation: taken.change, origin: 'resync' }),
    { kind: 'persist', urgent: true },
    { kind: 'stranded', reason, ...session.handedBack(taken.operation) },
    { kind: 'status' },
  ]
}
