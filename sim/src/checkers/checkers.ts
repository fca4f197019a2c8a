import { atRest } from './at-rest.ts'
import { bounded } from './bounded.ts'
import type { CheckedRun, Checker, CheckerKind, FinalState, ObservationKind, Observations } from './checker.ts'
import { counters } from './counters.ts'
import { delivery } from './delivery.ts'
import { durableAcks } from './durable-acks.ts'
import { editRights } from './edit-rights.ts'
import { Histories } from './history.ts'
import { hostile } from './hostile.ts'
import { leaks } from './leaks.ts'
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
import { streamSlots } from './stream-slots.ts'
import { undoCleared } from './undo-cleared.ts'

/** Every promise that is watched in every run; those that look while it runs first. */
export const CHECKERS: readonly CheckerKind[] = [
  logOrder,
  oneWriter,
  durableAcks,
  onceOnly,
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
  leaks,
]

/** The checkers of one run behind one door: each hears only of the kinds that it asked for. */
export class RunningCheckers {
  readonly #checkers: readonly Checker[]
  readonly #listeners = new Map<ObservationKind, ((seen: never) => void)[]>()

  /** @param violated which checker, and its message; called once per checker and message without its digits */
  constructor(facts: Omit<CheckedRun, 'violated' | 'histories'>, violated: (checker: string, message: string) => void, kinds: readonly CheckerKind[] = CHECKERS) {
    const histories = new Histories((document) => facts.log(document))
    const { plan } = facts
    this.#checkers = kinds.map((kind) =>
      kind.make({ plan, now: () => facts.now(), log: (document) => facts.log(document), histories, violated: (message) => violated(kind.name, message) }),
    )
    for (const { on } of this.#checkers) for (const [kind, listener] of Object.entries(on)) this.#listen(kind as ObservationKind, listener as (seen: never) => void)
  }

  see<Kind extends ObservationKind>(kind: Kind, seen: Observations[Kind]): void {
    const listeners = this.#listeners.get(kind)
    if (listeners !== undefined) for (const listener of listeners as ((seen: Observations[Kind]) => void)[]) listener(seen)
  }

  finish(end: FinalState): void {
    for (const checker of this.#checkers) checker.finish?.(end)
  }

  #listen(kind: ObservationKind, listener: (seen: never) => void): void {
    const listeners = this.#listeners.get(kind)
    if (listeners === undefined) this.#listeners.set(kind, [listener])
    else listeners.push(listener)
  }
}
