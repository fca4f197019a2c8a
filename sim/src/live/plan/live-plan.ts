import type { Plan } from '../../plan/plan.ts'
import { idleWithin, shortenPlan } from './shorten-plan.ts'

/** A plan that takes longer is shortened where nothing happens. */
const WITHIN_MS = 180_000

export interface LivePlan {
  readonly plan: Plan
  /** What was changed about it, in sentences. */
  readonly assumptions: readonly string[]
}

export interface LiveTime {
  /** Longest stretch in which nothing happens, in milliseconds; chosen so that the plan takes at most three minutes when left out. */
  readonly idleMs?: number
  /** What is left of idle stretches is divided by this. */
  readonly speed?: number
}

/** The plan as it can be waited for. */
export function livePlan(given: Plan, { idleMs, speed = 1 }: LiveTime = {}): LivePlan {
  const idle = idleMs ?? idleWithin(given, WITHIN_MS)
  const live: Plan = { ...given, level: 'live' }
  if (idle === undefined && speed === 1) return { plan: live, assumptions: [] }
  const plan = shortenPlan(live, { idleMs: idle ?? Infinity, speed })
  const cut = idle === undefined ? '' : ` Stretches in which nothing happens were cut to ${(idle / 1_000).toFixed(2)} s.`
  const divided = speed === 1 ? '' : ` What was left of them was divided by ${speed}.`
  return { plan, assumptions: [`Time is shortened: ${(given.endMs / 1_000).toFixed(0)} s of the plan took ${(plan.endMs / 1_000).toFixed(0)} s.${cut}${divided}`] }
}
