import type { Plan } from '../../plan/plan.ts'

/** What a checker keeps for each document, made when the document is first heard of. */
export class PerDocument<T> {
  readonly #plan: Plan
  readonly #make: (id: string) => T
  readonly #entries = new Map<string, T>()

  constructor(plan: Plan, make: (id: string) => T) {
    this.#plan = plan
    this.#make = make
  }

  get(id: string): T {
    const known = this.#entries.get(id)
    if (known !== undefined) return known
    const made = this.#make(id)
    this.#entries.set(id, made)
    return made
  }

  /** All of the plan, whether anything was heard of them or not. */
  forEach(look: (entry: T) => void): void {
    for (const { id } of this.#plan.world.documents) look(this.get(id))
  }
}
