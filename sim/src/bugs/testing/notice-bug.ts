import type { RunResult } from '../../run/run-result.ts'
import { runPlan } from '../../run/run-plan.ts'
import { expand } from '../../scenario/expand/expand.ts'
import { loadScenario } from '../../scenario/file/load-scenario.ts'

/** A planted bug that was noticed: what `catchBug` (shrink) goes on from, without making anything small. */
export interface Noticed {
  readonly seed: number
  /** Who noticed it first. */
  readonly checker: string
  readonly message: string
  readonly result: RunResult
}

/**
 * Runs the swarm with a planted bug, seed after seed, until a checker notices something that it does not notice without the
 * bug. Undefined when nobody did within `budget` seeds.
 */
export async function noticeBug(bug: string, from: number, budget: number): Promise<Noticed | undefined> {
  const scenario = loadScenario('swarm')
  for (let seed = from; seed < from + budget; seed += 1) {
    const plan = expand(scenario, seed)
    const result = await runPlan({ ...plan, bugs: [bug] }, { stopAtViolation: true })
    const [first] = result.violations
    if (first === undefined) continue
    const without = await runPlan(plan, { stopAtViolation: true })
    if (without.verdict === 'pass') return { seed, checker: first.checker, message: first.message, result }
  }
  return undefined
}
