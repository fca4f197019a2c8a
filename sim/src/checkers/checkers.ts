import { atRest } from './end/at-rest.ts'
import { bounded } from './session/bounded.ts'
import type { CheckerKind } from './checker.ts'
import { counters } from './end/counters.ts'
import { delivery } from './access/delivery.ts'
import { durableAcks } from './log/durable-acks.ts'
import { editRights } from './access/edit-rights.ts'
import { hostile } from './access/hostile.ts'
import { leaks } from './session/leaks.ts'
import { leavesAgain } from './session/leaves-again.ts'
import { liveSessions } from './session/live-sessions.ts'
import { logOrder } from './log/log-order.ts'
import { markers } from './end/markers.ts'
import { neverBack } from './session/never-back.ts'
import { onceOnly } from './log/once-only.ts'
import { oneContent } from './log/one-content.ts'
import { oneWriter } from './log/one-writer.ts'
import { plannedOnly } from './session/planned-only.ts'
import { replicas } from './end/replicas.ts'
import { revocation } from './access/revocation.ts'
import { rowsApply } from './log/rows-apply.ts'
import { sealedFates } from './log/sealed-fates.ts'
import { soundLogs } from './end/sound-logs.ts'
import { streamSlots } from './session/stream-slots.ts'
import { undoCleared } from './session/undo-cleared.ts'

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
