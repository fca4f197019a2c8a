import type { Level, Plan } from '../plan/plan.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import { failedAt } from './failure.ts'
import type { Search } from './search.ts'
import { simplerEvents } from './simpler-event.ts'
import { simplerWorlds } from './simpler-world.ts'

/** From the slowest down; what a run contains less of, it needs less of to fail. */
const LEVELS: readonly Level[] = ['http2', 'bytes', 'message']

export async function lowerLevel(search: Search): Promise<void> {
  const from = LEVELS.indexOf(search.best.level)
  if (from < 0) return
  for (const level of LEVELS.slice(from + 1).toReversed()) if (await search.propose({ ...search.best, level })) return
}

/** One setting after the other, and again from the front after each that could go. */
export async function simplifyWorld(search: Search): Promise<void> {
  for (let changed = true; changed && search.spent === undefined; ) {
    changed = false
    for (const plan of simplerWorlds(search.best)) {
      if (!(await search.propose(plan))) continue
      changed = true
      break
    }
  }
}

/** The simplest of everything at once, then event by event. */
export async function simplifyEvents(search: Search): Promise<void> {
  await search.propose({ ...search.best, events: search.best.events.map((event) => simplerEvents(event)[0] ?? event) })
  for (let index = search.best.events.length - 1; index >= 0; index -= 1) await simplifyEvent(search, index)
}

async function simplifyEvent(search: Search, index: number): Promise<void> {
  for (let changed = true; changed && search.spent === undefined; ) {
    changed = false
    for (const simpler of simplerEvents(search.best.events[index]!)) {
      if (!(await search.propose({ ...search.best, events: search.best.events.with(index, simpler) }))) continue
      changed = true
      break
    }
  }
}

/** Evenly spaced by a round number, else gap by gap: closed up first, then to round numbers. */
export async function simplifyTimes(search: Search): Promise<void> {
  for (const gap of [1, 10, 100, 1_000]) {
    const plan = spaced(search.best, gap)
    if (isSooner(plan, search.best) && (await search.propose(plan))) break
  }
  for (let index = search.best.events.length - 1; index >= 0; index -= 1) await closeGap(search, index)
  await endSooner(search)
}

async function closeGap(search: Search, index: number): Promise<void> {
  for (let changed = true; changed && search.spent === undefined; ) {
    changed = false
    const { events } = search.best
    const before = events[index - 1]?.at ?? 0
    const gap = events[index]!.at - before
    for (const shorter of roundGaps(gap)) {
      if (!(await search.propose(moved(search.best, index, before + shorter)))) continue
      changed = true
      break
    }
  }
}

/** 1, 10, ... below the gap, then half of it: whole milliseconds. Never nothing: what falls together has no order to tell. */
function roundGaps(gap: number): readonly number[] {
  return [...new Set([1, 10, 100, 1_000, 10_000, Math.floor(gap / 2), Math.floor(gap)])].filter((shorter) => shorter >= 1 && shorter < gap).toSorted((a, b) => a - b)
}

/** What happens from `index` on happens sooner, so that `index` is at `at`. */
function moved(plan: Plan, index: number, at: number): Plan {
  const by = plan.events[index]!.at - at
  const events = plan.events.map((event, i): PlanEvent => (i < index ? event : { ...event, at: event.at - by }))
  return { ...plan, events, endMs: Math.max(1, Math.ceil(plan.endMs - by)) }
}

function spaced(plan: Plan, gap: number): Plan {
  const events = plan.events.map((event, index): PlanEvent => ({ ...event, at: index * gap }))
  return { ...plan, events, endMs: Math.max(1, plan.events.length * gap) }
}

function isSooner(plan: Plan, than: Plan): boolean {
  return plan.endMs < than.endMs
}

async function endSooner(search: Search): Promise<void> {
  const last = (plan: Plan): number => Math.ceil(plan.events.at(-1)?.at ?? 0)
  const failed = failedAt(search.result, search.key)
  const ends = [1, 10, 100, 1_000, 10_000].map((after) => last(search.best) + after)
  if (failed !== undefined) ends.push(Math.max(Math.ceil(failed), last(search.best) + 1))
  for (const endMs of ends.toSorted((a, b) => a - b)) if (endMs < search.best.endMs && (await search.propose({ ...search.best, endMs }))) return
}
