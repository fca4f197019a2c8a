import { BUGS } from '../bugs/bugs.ts'
import type { LinkModel } from '../plan/link-model.ts'
import type { Plan } from '../plan/plan.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import { reduceList } from './reduce-list.ts'
import type { Search } from './search.ts'
import { withEvents } from './without.ts'

/** Larger plans take too long to be tried with every seed. */
const MOST_EVENTS = 80
const SEEDS = [1, 2, 3, 4, 5, 6] as const

/**
 * A fault of a link that strikes by chance strikes another frame once an event is gone, so that nothing more seems to be
 * possible; so does a store that breaks its promises now and then. Here links are made to strike more often, then events are
 * left out with dice thrown anew: some seed shows the bug again.
 */
export async function throwDiceAgain(search: Search): Promise<void> {
  if (!hasDice(search.best) || search.best.events.length > MOST_EVENTS) return
  for (const chance of [1, 0.5, 0.2]) await proposeAny(search, likelier(search.best, chance), [search.best.seed, ...SEEDS])
  const attempt = async (kept: readonly PlanEvent[]) => ((await proposeAny(search, withEvents(search.best, kept), SEEDS)) ? search.best.events : undefined)
  await reduceList(search.best.events, attempt, () => search.spent !== undefined)
}

async function proposeAny(search: Search, plan: Plan, seeds: readonly number[]): Promise<boolean> {
  for (const seed of seeds) if (await search.propose({ ...plan, seed })) return true
  return false
}

function hasDice({ world, bugs }: Plan): boolean {
  const strikes = ({ repeat, glitch, slowReadMs }: LinkModel): boolean => repeat > 0 || glitch > 0 || slowReadMs > 0
  return bugs.some((bug) => BUGS.get(bug)?.storage !== undefined) || Object.values(world.links).some(strikes)
}

function likelier(plan: Plan, chance: number): Plan {
  const raised = (model: LinkModel): LinkModel => ({ ...model, repeat: atLeast(model.repeat, chance), glitch: atLeast(model.glitch, chance) })
  return { ...plan, world: { ...plan.world, links: Object.fromEntries(Object.entries(plan.world.links).map(([name, model]) => [name, raised(model)])) } }
}

/** What never happens stays impossible. */
function atLeast(probability: number, chance: number): number {
  return probability === 0 ? 0 : Math.max(probability, chance)
}
