import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { failureKeys } from './failure.ts'
import type { Shrunk } from './shrink.ts'
import { storyOf } from './story.ts'

/**
 * A bug that was found, kept: `sim/regressions/<name>.json`. Its plan must pass. When it was found with planted bugs, it
 * must still fail with them: then it is a checker that is kept.
 */
export interface Regression {
  readonly format: 1
  readonly name: string
  /** What happens, for people. */
  readonly story: readonly string[]
  readonly found: Found
  /** Without planted bugs. */
  readonly plan: Plan
  /** Planted bugs with which it was found; mostly none. */
  readonly bugs: readonly string[]
}

export interface Found {
  readonly scenario: string
  readonly seed: number
  readonly commit: string
  readonly node: string
  /** As {@link Shrunk.failure}. */
  readonly failure: string
}

export function regressionOf(name: string, shrunk: Shrunk, build: { readonly commit: string; readonly node: string }): Regression {
  const { scenario, seed, bugs } = shrunk.plan
  const story = storyOf(shrunk.plan, shrunk.result.violations[0]?.message ?? shrunk.result.because)
  return { format: 1, name, story, found: { scenario, seed, ...build, failure: shrunk.failure }, plan: { ...shrunk.plan, bugs: [] }, bugs }
}

/** What a regression shows that it must not; empty when the bug is still fixed and the checker still works. */
export async function checkRegression(regression: Regression, run: (plan: Plan) => Promise<RunResult>): Promise<readonly string[]> {
  const { plan, bugs, found } = regression
  const passing = await run(plan)
  const back = failureKeys(passing).map((key) => `it is back: ${key}`)
  if (bugs.length === 0) return back
  const planted = failureKeys(await run({ ...plan, bugs }))
  return planted.includes(found.failure) ? back : [...back, `with ${bugs.join(', ')} planted it must show "${found.failure}", and shows ${planted.join('; ') || 'nothing'}`]
}
