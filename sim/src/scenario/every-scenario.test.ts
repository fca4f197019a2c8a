import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { holdGuard } from '../kernel/guard.ts'
import type { PlanEvent, PlanEventKind } from '../plan/plan-event.ts'
import type { Plan } from '../plan/plan.ts'
import { runPlan } from '../run/run-plan.ts'
import { withEvents } from '../shrink/without.ts'
import { expand } from './expand/expand.ts'
import { listScenarios, loadScenario } from './file/load-scenario.ts'
import type { Scenario } from './schema/schema.ts'

const CUT_MS = 3_000
const MOST_ACTORS = 20
/** Still several operations, whose way is what matters here. */
const MOST_PASTED = 300_000

/** What people do all the time; everything else is what goes wrong. */
const EVERYDAY: ReadonlySet<PlanEventKind> = new Set(['join', 'insert', 'delete', 'replace', 'format', 'embed', 'undo', 'redo', 'boundary', 'presence'])

/** A few of each group, so that no scenario takes longer here than another. */
function small(scenario: Scenario): Scenario {
  const groups = Object.entries(scenario.actors)
  const most = Math.ceil(MOST_ACTORS / Math.max(1, groups.length))
  return { ...scenario, actors: Object.fromEntries(groups.map(([name, group]) => [name, { ...group, count: Math.min(group.count, most) }])) }
}

/** The first seconds of a plan, by its own clock. What this cuts in two, as a fault from its end, ends with the run. */
function firstSeconds(plan: Plan): Plan {
  return judgedByPromisesAlone(withEvents(plan, plan.events.filter(({ at }) => at < CUT_MS)))
}

/** The first seconds of what people do, and everything that goes wrong, in the same order, within them. */
function squeezed(plan: Plan): Plan {
  const late = (event: PlanEvent): boolean => event.at >= CUT_MS && EVERYDAY.has(event.kind)
  const joins = plan.events.filter((event) => !late(event) || event.kind === 'join')
  const events = joins.map((event): PlanEvent => {
    if (EVERYDAY.has(event.kind) && event.at < CUT_MS) return event
    const at = (event.at * CUT_MS) / plan.endMs
    return event.kind === 'paste' ? { ...event, at, units: Math.min(event.units, MOST_PASTED) } : { ...event, at }
  })
  return judgedByPromisesAlone(withEvents(plan, events.filter(({ at }) => at < CUT_MS).toSorted((a, b) => a.at - b.at)))
}

/** Service levels and what was to be seen hold for whole runs, and planted bugs are meant to be noticed. */
function judgedByPromisesAlone(plan: Plan): Plan {
  return { ...plan, endMs: CUT_MS, bugs: [], expect: { ...plan.expect, levels: [], seen: [] } }
}

describe('scenarios begin well', () => {
  let release: () => void
  beforeAll(() => void (release = holdGuard()))
  afterAll(() => release())

  const names = listScenarios().filter(({ missing }) => missing.length === 0).map(({ name }) => name)

  test.each(names)('%s: its first seconds, and its faults in a hurry', async (name) => {
    const plan = expand(small(loadScenario(name)), 1)
    for (const cut of [firstSeconds(plan), squeezed(plan)]) {
      const { verdict, because, figures } = await runPlan(cut)
      expect([verdict, because]).toEqual(['pass', 'every promise was kept'])
      expect(figures.events).toBeGreaterThan(0)
    }
  })
})
