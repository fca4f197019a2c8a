import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { failureKeys } from './failure.ts'
import { shrink, type ShrinkOptions, type Shrunk } from './shrink.ts'

/** What it took to find a planted bug. */
export interface CaughtBug {
  readonly bug: string
  readonly scenario: string
  readonly seed: number
  /** Seeds run until then, over all scenarios. */
  readonly seeds: number
  readonly shrunk: Shrunk
}

export interface CatchOptions extends Omit<ShrinkOptions, 'run'> {
  /** Seeds up to this, of each scenario. */
  readonly seeds: number
  /** The first seed that is tried, where it is known that those before notice nothing; 1 when left out. */
  readonly from?: number
  /** Plans of the scenarios to try, one after the other, by seed. */
  readonly scenarios: readonly ((seed: number, bugs: readonly string[]) => Plan)[]
  run(plan: Plan): Promise<RunResult>
}

/**
 * Plants a bug and looks for the first seed that notices, then shrinks it. What fails in the same way without the bug is
 * another bug and does not count, neither as found nor while shrinking. Undefined: no seed noticed.
 */
export async function catchBug(bug: string, options: CatchOptions): Promise<CaughtBug | undefined> {
  let seeds = 0
  for (const planOf of options.scenarios) {
    for (let seed = options.from ?? 1; seed <= options.seeds; seed += 1) {
      seeds += 1
      const plan = planOf(seed, [bug])
      const run = onlyByBugs(options.run)
      const shrunk = await shrink(plan, await run(plan), { ...options, run })
      if (shrunk !== undefined) return { bug, scenario: plan.scenario, seed, seeds, shrunk }
    }
  }
  return undefined
}

/** A run whose failure counts only when the same plan passes without its planted bugs. */
export function onlyByBugs(run: (plan: Plan) => Promise<RunResult>): (plan: Plan) => Promise<RunResult> {
  return async (plan) => {
    const result = await run(plan)
    if (failureKeys(result).length === 0) return result
    const without = await run({ ...plan, bugs: [] })
    return failureKeys(without).length === 0 ? result : { ...result, verdict: 'pass', violations: [], levels: [] }
  }
}
