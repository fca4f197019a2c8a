import type { ObservationKind, Observations, Observe } from '../../checkers/checker.ts'

/** Hands what happens to whoever asked for that kind: checkers, statistics, trace. */
export class Observers {
  readonly #byKind = new Map<ObservationKind, ((seen: never) => void)[]>()

  add(observe: Observe): void {
    for (const kind of Object.keys(observe) as ObservationKind[]) {
      const listener = observe[kind]
      if (listener === undefined) continue
      const listeners = this.#byKind.get(kind)
      if (listeners === undefined) this.#byKind.set(kind, [listener])
      else listeners.push(listener)
    }
  }

  readonly emit = <Kind extends ObservationKind>(kind: Kind, seen: Observations[Kind]): void => {
    const listeners = this.#byKind.get(kind)
    if (listeners === undefined) return
    for (const listener of listeners as ((seen: Observations[Kind]) => void)[]) listener(seen)
  }
}
