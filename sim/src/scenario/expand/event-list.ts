import type { PlanEvent, PlanEventFields } from '../../plan/plan-event.ts'

/** Collects the events of a plan. Ids are counted per owner, so that one group never renames another one's events. */
export class EventList {
  readonly #events: PlanEvent[] = []
  readonly #counts = new Map<string, number>()

  /** Returns the id, for `needs`. */
  add(owner: string, at: number, fields: PlanEventFields, needs?: readonly string[]): string {
    const count = (this.#counts.get(owner) ?? 0) + 1
    this.#counts.set(owner, count)
    const id = `${owner}.${count}`
    const time = Math.round(at * 1_000) / 1_000
    this.#events.push(needs === undefined ? { id, at: time, ...fields } : { id, at: time, ...fields, needs })
    return id
  }

  /** Ascending by time; what falls together stays in the order in which it was added. What would come after the end is left out. */
  sorted(endMs: number): PlanEvent[] {
    return this.#events.filter(({ at }) => at < endMs).sort((a, b) => a.at - b.at)
  }
}
