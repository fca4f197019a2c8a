import { LOWEST_KEY } from '@concord/ot'
import type { Rules } from './rules.ts'

/** Each rule's opposite, for tests of the tests. */
export const RULES_OFF: Readonly<Record<string, Partial<Rules>>> = Object.freeze({
  'R1 slot': { slot: () => true },
  'R3 resubmit': { unreported: 'keep' },
  'R4 grouping': { composedMayPass: () => true, compareCommittedForm: false },
  'R5 resync': { unaskedOpenedFences: false },
  'R6 state path': { inFlightIsKnown: false },
  'R8 seq': { nextSeq: (lastSeq: number) => Math.max(1, lastSeq) },
  'R9 buffer': { bufferSurvivesReject: false },
  'R9 undo': { clearUndoOnReject: false },
  'R10 persist first': { persistBeforeSubmit: false },
  'R10 stale disk': { diskIsStale: () => false },
  'R12 client id': { clientId: () => undefined },
  'R13 ties': { tieKey: () => LOWEST_KEY },
  'R14 empty': { dropsEmpty: false },
  'R15 epoch': { epoch: () => 0 },
  'R15 lost': { resubmitLost: false },
  'R16 in step': { checkInStep: false },
  'R18 split': { splitLarge: false },
})
