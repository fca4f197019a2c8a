import type { Plan, PlannedActor } from '../../plan/plan.ts'

/** What a checker keeps for each actor, found by name; actors that the plan does not know have none. */
export class PerActor<T> {
  readonly #entries = new Map<string, { readonly actor: PlannedActor; readonly state: T }>()

  constructor(plan: Plan, make: (actor: PlannedActor) => T, which: (actor: PlannedActor) => boolean = () => true) {
    for (const actor of plan.world.actors) if (which(actor)) this.#entries.set(actor.name, { actor, state: make(actor) })
  }

  get(name: string): T | undefined {
    return this.#entries.get(name)?.state
  }

  /** Every state with its actor. */
  entries(): Iterable<{ readonly actor: PlannedActor; readonly state: T }> {
    return this.#entries.values()
  }

  /** Stops watching one. */
  drop(name: string): void {
    this.#entries.delete(name)
  }
}
