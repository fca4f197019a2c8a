import type { Limits } from '@concord/server/core/limits'
import type { Plan } from '../plan/plan.ts'
import type { Search } from './search.ts'
import { smaller } from './simpler-event.ts'

/**
 * What overflows a small limit needs few events to do so: a window of one operation is left by the second one. Limits that
 * the failure does not need are gone by now; those that are left become as small as the failure allows.
 */
export async function tightenLimits(search: Search): Promise<void> {
  for (const name of Object.keys(search.best.world.limits) as (keyof Limits)[]) await tighten(search, name)
}

async function tighten(search: Search, name: keyof Limits): Promise<void> {
  for (let changed = true; changed && search.spent === undefined; ) {
    changed = false
    for (const value of smaller(search.best.world.limits[name] ?? 0, 1)) {
      if (!(await search.propose(withLimit(search.best, name, value)))) continue
      changed = true
      break
    }
  }
}

function withLimit(plan: Plan, name: keyof Limits, value: number): Plan {
  return { ...plan, world: { ...plan.world, limits: { ...plan.world.limits, [name]: value } } }
}
