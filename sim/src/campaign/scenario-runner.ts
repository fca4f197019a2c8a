import { holdGuard } from '../kernel/guard.ts'
import { runPlan } from '../run/run-plan.ts'
import type { Scenario } from '../scenario/schema/schema.ts'
import { planOfSeed, runnableScenario } from './plan-of-seed.ts'
import type { RunSeed } from './seed-job.ts'

/** What workers of a campaign run: scenarios by name or path, each read once. */
export const runSeed: RunSeed = seedRunner()

function seedRunner(): RunSeed {
  const scenarios = new Map<string, Scenario>()
  holdGuard()
  return async ({ scenario: name, seed, level, bugs }) => {
    const scenario = scenarios.get(name) ?? runnableScenario(name)
    scenarios.set(name, scenario)
    return runPlan(planOfSeed(scenario, seed, { ...(level === undefined ? {} : { level }), ...(bugs === undefined ? {} : { bugs }) }), { wall: () => performance.now() })
  }
}
