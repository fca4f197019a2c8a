import type { Plan } from '../plan/plan.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import { failedAt } from './failure.ts'
import { isFault, sortOf } from './plan-size.ts'
import { reduceList, reducePairs } from './reduce-list.ts'
import type { Search } from './search.ts'
import { withActors, withDocuments, withEvents, withNodes } from './without.ts'

/** Up to this many events every pair is tried too: 120 runs. */
const PAIRS_UP_TO = 16

/** What happens after the violation did not cause it. */
export async function cutAfterViolation(search: Search): Promise<void> {
  const at = failedAt(search.result, search.key)
  if (at !== undefined && at < search.best.endMs) await search.propose(endingAt(search.best, search.best.events.filter((event) => event.at <= at), at))
  // The violation may show at the end and be caused at the begin: half of the events, three quarters, ...
  for (let share = 0.5; share < 0.95; share = (1 + share) / 2) {
    while (await search.propose(firstShare(search.best, share)));
  }
}

function firstShare(plan: Plan, share: number): Plan {
  return endingAt(plan, plan.events.slice(0, Math.floor(plan.events.length * share)), 0)
}

function endingAt(plan: Plan, events: readonly PlanEvent[], atLeast: number): Plan {
  return { ...withEvents(plan, events), endMs: Math.min(plan.endMs, Math.max(Math.ceil(atLeast), Math.ceil(events.at(-1)?.at ?? 0) + 1)) }
}

/** Whole kinds of events, faults first: most of a swarm's faults have nothing to do with the failure. */
export async function dropKinds(search: Search): Promise<void> {
  await search.propose(withEvents(search.best, search.best.events.filter((event) => !isFault(event))))
  const sorts = (fault: boolean): Set<string> => new Set(search.best.events.filter((event) => isFault(event) === fault && event.kind !== 'join').map(sortOf))
  for (const sort of [...sorts(true), ...sorts(false)]) await search.propose(withEvents(search.best, search.best.events.filter((event) => sortOf(event) !== sort)))
}

/** Whole groups, then by halves down to single ones. Somebody stays: an empty world is no world. */
export async function dropActors(search: Search): Promise<void> {
  for (const group of new Set(search.best.world.actors.map((actor) => actor.group))) {
    await proposeActors(search, search.best.world.actors.filter((actor) => actor.group !== group).map(({ name }) => name))
  }
  await reduceList(namesOf(search.best.world.actors), async (kept) => ((await proposeActors(search, kept)) ? namesOf(search.best.world.actors) : undefined), () => search.spent !== undefined)
}

export async function dropNodes(search: Search): Promise<void> {
  const attempt = async (kept: readonly string[]) => (kept.length > 0 && (await search.propose(withNodes(search.best, new Set(kept)))) ? kept : undefined)
  await reduceList(namesOf(search.best.world.nodes), attempt, () => search.spent !== undefined)
}

export async function dropDocuments(search: Search): Promise<void> {
  const attempt = async (kept: readonly string[]) => {
    const plan = withDocuments(search.best, new Set(kept))
    return plan.world.actors.length > 0 && (await search.propose(plan)) ? kept : undefined
  }
  await reduceList(search.best.world.documents.map(({ id }) => id), attempt, () => search.spent !== undefined)
}

export async function dropEvents(search: Search): Promise<void> {
  const attempt = async (kept: readonly PlanEvent[]) => ((await search.propose(withEvents(search.best, kept))) ? search.best.events : undefined)
  const isSpent = (): boolean => search.spent !== undefined
  await reduceList(search.best.events, attempt, isSpent)
  if (search.best.events.length <= PAIRS_UP_TO) await reducePairs(search.best.events, attempt, isSpent)
}

async function proposeActors(search: Search, names: readonly string[]): Promise<boolean> {
  return names.length > 0 && (await search.propose(withActors(search.best, new Set(names))))
}

function namesOf(list: readonly { readonly name: string }[]): readonly string[] {
  return list.map(({ name }) => name)
}
