import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { throwDiceAgain } from './dice.ts'
import { failureKeys } from './failure.ts'
import { planSize, type PlanSize } from './plan-size.ts'
import { cutAfterViolation, dropActors, dropDocuments, dropEvents, dropKinds, dropNodes } from './remove-parts.ts'
import { Search, type SearchLimits } from './search.ts'
import { lowerLevel, simplifyEvents, simplifyTimes, simplifyWorld } from './simplify.ts'
import { tightenLimits } from './tighten-limits.ts'

export interface ShrinkOptions extends Partial<SearchLimits> {
  /** One run, deterministic: the same plan gives the same result. */
  run(plan: Plan): Promise<RunResult>
  /** Milliseconds of a monotonic clock; wall time. */
  now(): number
  progress?(progress: ShrinkProgress): void
}

export interface ShrinkProgress {
  readonly pass: string
  readonly runs: number
  readonly maxRuns: number
  readonly size: PlanSize
}

export interface Shrunk {
  readonly plan: Plan
  readonly result: RunResult
  /** The failure that was followed, as `fold: ada shows something else`. */
  readonly failure: string
  readonly before: PlanSize
  readonly after: PlanSize
  readonly runs: number
  /** `minimal`: nothing more could be left out; else the limit that ended the search. */
  readonly ended: 'minimal' | 'runs' | 'time'
}

export const SHRINK_LIMITS: SearchLimits = { maxRuns: 4_000, maxMs: 300_000 }

/** In this order: each pass makes the runs of the next ones cheaper. */
const PASSES: readonly (readonly [name: string, pass: (search: Search) => Promise<void>])[] = [
  ['cut after the violation', cutAfterViolation],
  ['lower the level', lowerLevel],
  ['drop kinds of events', dropKinds],
  ['drop actors', dropActors],
  ['drop nodes', dropNodes],
  ['drop documents', dropDocuments],
  ['drop events', dropEvents],
  ['simplify the world', simplifyWorld],
  ['simplify events', simplifyEvents],
  ['close up times', simplifyTimes],
  ['tighten limits', tightenLimits],
  ['throw dice again', throwDiceAgain],
]

/**
 * Makes a failing plan as small as it gets while it fails in the same way: same checker, same message but for its
 * numbers. Deterministic but for the limit in time. `undefined`: the result shows no failure.
 */
export async function shrink(plan: Plan, result: RunResult, options: ShrinkOptions): Promise<Shrunk | undefined> {
  const [failure] = failureKeys(result)
  if (failure === undefined) return undefined
  const limits = { maxRuns: options.maxRuns ?? SHRINK_LIMITS.maxRuns, maxMs: options.maxMs ?? SHRINK_LIMITS.maxMs }
  let pass = ''
  const tried = (): void => options.progress?.({ pass, runs: search.runs, maxRuns: limits.maxRuns, size: planSize(search.best) })
  const search = new Search(plan, result, failure, limits, { run: options.run, now: options.now, tried })
  for (let taken = -1; taken !== search.taken && search.spent === undefined; ) {
    taken = search.taken
    for (const [name, run] of PASSES) {
      pass = name
      await run(search)
    }
  }
  return { plan: search.best, result: search.result, failure, before: planSize(plan), after: planSize(search.best), runs: search.runs, ended: search.spent ?? 'minimal' }
}
