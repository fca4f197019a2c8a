import { RULES_OFF } from '@concord/client/testing'
import type { Rules } from '@concord/client/testing'
import type { Bug } from './bugs.ts'

/** One rule of the client off, by its name among the SDK's. */
function off(rule: string, name: string, what: string, more: Partial<Bug> = {}): Bug {
  const client: Partial<Rules> | undefined = RULES_OFF[rule]
  if (client === undefined) throw new Error(`the SDK has no rule "${rule}" to switch off`)
  return { name, what, client, ...more }
}

/** Rules that the client forgets. */
export const CLIENT_BUGS: readonly Bug[] = [
  off('R1 slot', 'r1-slot', 'The client applies any version on any other.'),
  off('R3 resubmit', 'r3-resubmit', 'What was in flight and is not reported committed stays in flight for ever.'),
  { name: 'r3-commit-forgotten', what: 'What opened reports as committed counts as lost, and leaves again under a fresh number.', client: { reportedCommitted: () => false } },
  // Both sides look at the grouping, so that one of them alone is not missed.
  off('R4 grouping', 'r4-own-commits-grouped', 'Own commits hide inside composed groups, and the client lets them pass.', { server: { stepwiseUntil: (from) => from } }),
  off('R5 resync', 'r5-resync-unfenced', 'The client does not take an unasked opened for the fence that it is.'),
  off('R6 state path', 'r6-in-flight-forgotten', 'After a divergence a committed edit in flight counts as not committed.'),
  off('R8 seq', 'r8-seq-reused', 'The client uses its last sequence number again for other bytes.'),
  off('R9 buffer', 'r9-buffer-lost', 'A refusal takes everything that waits, not only the refused edit.'),
  off('R9 undo', 'r9-undo-kept', 'Undo still works on what a refusal took away.'),
  off('R10 persist first', 'r10-submit-before-stored', 'A submit leaves before the device has stored it.'),
  off('R10 stale disk', 'r10-stale-disk', 'The client trusts a device that is older than its own commits.'),
  off('R12 client id', 'r12-new-id-each-time', 'The client takes a new id at every reconnect.'),
  off('R13 ties', 'r13-client-ties', 'The client breaks ties by no key: its own insert counts as the lowest.'),
  off('R14 empty', 'r14-empty-submits', 'The client submits a buffer that came to nothing.'),
  off('R15 epoch', 'r15-no-epoch', 'The client does not say which epoch wrote its version.'),
  off('R15 lost', 'r15-lost-not-resubmitted', 'Acknowledged operations that the log lost are not submitted again.'),
  // Both sides compare, so that one of them alone is not missed.
  off('R16 in step', 'r16-not-compared', 'Neither side compares lengths and hashes.', { server: { lengthMatches: () => true } }),
  { name: 'buffer-lost-on-reconnect', what: 'What waits in the client is forgotten when its stream is opened again.', client: { bufferSurvivesReconnect: false } },
  off('R18 split', 'r18-not-split', 'A paste above the limit of one operation leaves whole.'),
]
