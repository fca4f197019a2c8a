import { PERFECT } from '../../plan/link-model.ts'
import type { Plan, PlannedActor, ServiceLevel } from '../../plan/plan.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'

interface Given {
  readonly events: readonly PlanEvent[]
  readonly endMs: number
  readonly levels?: readonly ServiceLevel[]
  readonly world?: Partial<Plan['world']>
  readonly editors?: number
}

/** A plan of one node, one document and some editors. */
export function planWith({ events, endMs, levels = [], world = {}, editors = 1 }: Given): Plan {
  const actors = Array.from({ length: editors }, (_, index): PlannedActor => {
    const name = `editors/${index + 1}`
    return { name, group: 'editors', kind: 'editor', user: `editor-${index + 1}`, document: 'paper', link: 'near', deviceMs: 0, unary: false, text: 'unique' }
  })
  return {
    format: 1,
    scenario: 'made-up',
    title: 'Made up',
    seed: 1,
    level: 'live',
    world: {
      nodes: [{ name: 'n1', region: 'local', skewMs: 0, slowness: 1 }],
      documents: [{ id: 'paper', units: 100 }],
      actors,
      links: { near: PERFECT },
      storage: { delayMs: 0 },
      limitPreset: 'loadtest',
      limits: {},
      cpu: false,
      route: 'first',
      ...world,
    },
    events,
    endMs,
    healMs: 60_000,
    expect: { levels, seen: [], mayLoseTail: false },
    bugs: [],
  }
}
