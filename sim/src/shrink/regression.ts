import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { failureKeys } from './failure.ts'
import type { Shrunk } from './shrink.ts'
import { storyOf } from './story.ts'

/**
 * A bug that was found, kept: `sim/regressions/<name>.json`. Its plan must pass. With planted bugs it is a plan in which a
 * checker once noticed them, kept against false alarms: that they are still noticed is asked of the swarm
 * (`sim/src/bugs/bugs.test.ts`), which has many seeds. A plan of two edits notices by the millisecond, and stops doing so
 * as soon as anything takes longer or shorter.
 */
export interface Regression {
  readonly format: 1
  readonly name: string
  /** What happens, for people. */
  readonly story: readonly string[]
  readonly found: Found
  /** Without planted bugs. */
  readonly plan: Plan
  /** Planted bugs with which it failed; mostly none. */
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

/** What a regression shows that it must not; empty while the bug is fixed. */
export async function checkRegression({ plan }: Regression, run: (plan: Plan) => Promise<RunResult>): Promise<readonly string[]> {
  return failureKeys(await run(plan)).map((key) => `it is back: ${key}`)
}
