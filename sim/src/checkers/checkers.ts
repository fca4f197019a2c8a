import { atRest } from './at-rest.ts'
import { bounded } from './bounded.ts'
import type { CheckerKind } from './checker.ts'
import { counters } from './counters.ts'
import { delivery } from './delivery.ts'
import { durableAcks } from './durable-acks.ts'
import { editRights } from './edit-rights.ts'
import { hostile } from './hostile.ts'
import { leaks } from './leaks.ts'
import { leavesAgain } from './leaves-again.ts'
import { liveSessions } from './live-sessions.ts'
import { logOrder } from './log-order.ts'
import { markers } from './markers.ts'
import { neverBack } from './never-back.ts'
import { onceOnly } from './once-only.ts'
import { oneContent } from './one-content.ts'
import { oneWriter } from './one-writer.ts'
import { plannedOnly } from './planned-only.ts'
import { replicas } from './replicas.ts'
import { revocation } from './revocation.ts'
import { rowsApply } from './rows-apply.ts'
import { sealedFates } from './sealed-fates.ts'
import { soundLogs } from './sound-logs.ts'
import { streamSlots } from './stream-slots.ts'
import { undoCleared } from './undo-cleared.ts'

/** Every promise that is watched in every run; those that look while it runs first. */
export const CHECKERS: readonly CheckerKind[] = [
  logOrder,
  oneWriter,
  durableAcks,
  onceOnly,
  sealedFates,
  leavesAgain,
  oneContent,
  rowsApply,
  streamSlots,
  neverBack,
  bounded,
  delivery,
  revocation,
  editRights,
  liveSessions,
  hostile,
  plannedOnly,
  undoCleared,
  replicas,
  markers,
  atRest,
  counters,
  soundLogs,
  leaks,
]
