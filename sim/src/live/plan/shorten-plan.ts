import type { PlanEvent } from '../../plan/plan-event.ts'
import type { Plan } from '../../plan/plan.ts'

export interface Shortening {
  /** Stretches in which nothing happens are cut to this many milliseconds. */
  readonly idleMs: number
  /** What is left of them is divided by this; 1 leaves it. */
  readonly speed: number
}

/** Shorter than timers are fine. */
const LEAST_MS = 1

/**
 * A plan whose idle stretches are short enough to be waited for: the order of events stays, and so does what happens at
 * one moment. Levels that hold for a part of the run move along.
 */
export function shortenPlan(plan: Plan, shortening: Shortening): Plan {
  const clock = new ShortClock(plan, shortening)
  const events = plan.events.map((event): PlanEvent => {
    const at = clock.at(event.at)
    return event.kind === 'stall' ? { ...event, at, forMs: clock.at(event.at + event.forMs) - at } : { ...event, at }
  })
  const levels = plan.expect.levels.map((level) => ({
    ...level,
    ...(level.fromMs === undefined ? {} : { fromMs: clock.at(level.fromMs) }),
    ...(level.toMs === undefined ? {} : { toMs: clock.at(level.toMs) }),
  }))
  return { ...plan, events, endMs: clock.at(plan.endMs), expect: { ...plan.expect, levels } }
}

/** The longest stretch that may stay when the run is to last at most `withinMs`; undefined when all may. */
export function idleWithin(plan: Plan, withinMs: number): number | undefined {
  if (plan.endMs <= withinMs) return undefined
  const gaps = gapsOf(plan)
  let [low, high] = [LEAST_MS, Math.max(...gaps, LEAST_MS)]
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2
    if (gaps.reduce((sum, gap) => sum + Math.min(gap, middle), 0) > withinMs) high = middle
    else low = middle
  }
  return Math.max(LEAST_MS, Math.floor(low))
}

function gapsOf({ events, endMs }: Plan): number[] {
  const times = [0, ...events.map(({ at }) => at).filter((at) => at < endMs), endMs]
  return times.slice(1).map((at, index) => at - times[index]!)
}

/** Time of the plan to time of the run: both begin at 0 and never go back. */
class ShortClock {
  /** Where a stretch begins, in the plan and in the run. */
  readonly #begins: { readonly planned: number; readonly run: number; readonly rate: number }[] = []

  constructor(plan: Plan, { idleMs, speed }: Shortening) {
    let [planned, run] = [0, 0]
    for (const gap of gapsOf(plan)) {
      if (gap === 0) continue
      const left = Math.min(gap, idleMs) / speed
      this.#begins.push({ planned, run, rate: left / gap })
      planned += gap
      run += left
    }
    this.#begins.push({ planned, run, rate: 1 / speed })
  }

  at(planned: number): number {
    let [low, high] = [0, this.#begins.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#begins[middle]!.planned <= planned) low = middle
      else high = middle - 1
    }
    const begin = this.#begins[low]!
    return begin.run + (planned - begin.planned) * begin.rate
  }
}
