import { composeAll, lengthAfter, type Operation, transform, unstamp } from '@concord/ot'
import type { Bug } from './bugs.ts'

/** Rules and guards that the server forgets. */
export const SERVER_BUGS: readonly Bug[] = [
  { name: 'r2-open-does-not-wait', what: 'An open is answered while what the client id submitted before is undecided.', server: { openWaitsFor: () => false } },
  { name: 'r2-replaced-sessions-submit', what: 'Submits of replaced sessions are taken.', server: { refusesReplaced: () => false } },
  { name: 'r4-catch-up-composed', what: "A catch-up is composed past the client's own commits.", server: { stepwiseUntil: (from) => from } },
  {
    name: 'r4-passed-over-composition',
    what: 'A stale submit is transformed over a composition of what was committed since.',
    server: { passOver: (committed, incoming) => (committed.length === 0 ? incoming : transform(composeAll(committed), incoming)[1]) },
  },
  { name: 'dedupe-off', what: 'A submit that is committed already is not recognised (R7).', server: { isCommitted: () => false, isIgnored: () => false } },
  { name: 'r7-running-append-ignored', what: 'A submit in the running append is not recognised.', server: { isRunning: () => false } },
  { name: 'r7-forming-batch-ignored', what: 'A submit in the forming batch is not recognised.', server: { isForming: () => false } },
  { name: 'r8-lower-numbers', what: 'Sequence numbers below the last one are taken.', server: { isIgnored: () => false } },
  { name: 'r8-other-bytes', what: 'Other bytes under a used sequence number get the answer of the first.', server: { isSameSubmit: () => true } },
  { name: 'r8-base-below-own-commit', what: "A base below the client's own last commit is taken.", server: { knowsOwnCommit: () => true } },
  { name: 'r12-binding-off', what: "A client id works for whoever names it, not for its user alone.", server: { isBoundTo: () => true } },
  { name: 'tie-key-off', what: 'Inserts carry no key, so that ties are broken by chance (R13).', server: { stamped: (operation) => unstamp(operation) } },
  { name: 'r14-empty-submit-taken', what: 'A submit that changes nothing gets a version.', server: { isEmptySubmit: () => false } },
  { name: 'r14-emptied-without-version', what: 'A submit that transformation emptied gets no version.', server: { commitsEmptied: false } },
  { name: 'r15-any-ancestor', what: 'Every version of a client is taken for one of this history.', server: { isAncestor: () => true } },
  { name: 'r17-live-ids-expire', what: 'Client ids with a session expire.', server: { mayExpire: () => true } },
  { name: 'r19-form-not-checked', what: 'Operations are not checked for canonical form.', server: { checksForm: false } },
  { name: 'r2-owner-never-asks', what: 'An owner opens sessions without asking the log whether it still rules.', server: { asksWhoRules: false } },
  { name: 'ack-before-durable', what: 'Operations are told as committed before the log has answered.', server: { waitsForAppend: false } },
  { name: 'revocation-ignored', what: 'Sessions of a user whose grant was removed go on.', server: { cutsWithoutRole: false } },
  { name: 'role-not-checked', what: 'Whoever may read may write.', server: { mayEdit: () => true } },
  { name: 'flow-control-off', what: 'A catch-up is prepared as a whole, however little its reader takes.', server: { preparesMore: () => true } },
  { name: 'documents-mixed-up', what: 'All documents of a node are one: whoever opens another gets the first.', server: { hostKey: () => 'the one' } },
  { name: 'snapshot-not-checked', what: 'A snapshot is taken whatever its content is, and the store does not know that it is damaged.', server: { isIntact: () => true }, storage: { unseenDamage: true } },
  {
    name: 'transform-dropped',
    what: 'A stale submit is taken for one on the head where its length allows it.',
    server: { passOver: asItCame },
  },
]

/** The submit unchanged, as though it had been made for the head. What reaches over the end of the document is transformed after all. */
function asItCame(committed: readonly Operation[], incoming: Operation): Operation {
  const last = committed.at(-1)
  if (last === undefined) return incoming
  const baseLength = lengthAfter(last)
  return baseLength < incoming.baseLength ? committed.reduce((passed, operation) => transform(operation, passed)[1], incoming) : { ...incoming, baseLength }
}
