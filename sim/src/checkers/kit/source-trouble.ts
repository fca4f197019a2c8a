import type { PlanEvent } from '../../plan/plan-event.ts'
import type { Plan } from '../../plan/plan.ts'

type Trouble = Extract<PlanEvent, { kind: 'permissions' | 'storage' | 'storage-slow' | 'partition' | 'heal' }>

/** When nodes could not ask the store who may do what. */
export class SourceTrouble {
  readonly #plan: Plan
  readonly #events: ReadonlyMap<string, Trouble>
  readonly #running = new Set<string>()
  #endedAt = Number.NEGATIVE_INFINITY

  constructor(plan: Plan) {
    this.#plan = plan
    this.#events = new Map(plan.events.flatMap((event) => (isTrouble(event) ? [[event.id, event] as const] : [])))
  }

  /** A planned event takes place. */
  event(id: string, now: number): void {
    const event = this.#events.get(id)
    if (event === undefined) return
    const key = event.kind === 'heal' ? event.partition : event.kind === 'partition' ? event.id : `${event.kind} ${event.node ?? ''}`
    if (begins(event)) this.#running.add(key)
    else if (this.#running.delete(key)) this.#endedAt = now
  }

  /** Since when the store answers everybody; undefined while it does not. All faults end with the plan. */
  calmSince(now: number): number | undefined {
    if (this.#running.size === 0) return this.#endedAt
    return now >= this.#plan.endMs ? this.#plan.endMs : undefined
  }
}

function isTrouble(event: PlanEvent): event is Trouble {
  return event.kind === 'permissions' || event.kind === 'storage' || event.kind === 'storage-slow' || event.kind === 'partition' || event.kind === 'heal'
}

function begins(event: Trouble): boolean {
  switch (event.kind) {
    case 'permissions':
      return !event.available
    case 'storage':
      return event.unavailable === 'everything'
    case 'storage-slow':
      return event.delayMs > 0
    case 'partition':
      return event.a.includes('storage') || event.b.includes('storage')
    case 'heal':
      return false
  }
}
