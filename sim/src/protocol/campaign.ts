import { runSeed, type RunOptions, type RunResult } from './run-seed.ts'

/** What a failing seed prints: the plan and a line to paste. */
export function describeFailure({ plan, wrong }: RunResult): string {
  const shown = wrong.slice(0, 5).map((line) => `  - ${line.length > 400 ? `${line.slice(0, 400)}...` : line}`)
  return [
    `seed ${plan.seed} (${plan.authors.join(', ')}; ${plan.troubles.join(', ') || 'no trouble'}):`,
    ...shown,
    `  again: node --conditions=source sim/src/protocol/run.ts --seed ${plan.seed}`,
  ].join('\n')
}

export interface Campaign {
  readonly seeds: number
  readonly versions: number
  readonly failures: readonly string[]
}

/** Runs seeds one after the other; stops after five failures. */
export async function campaign(from: number, count: number, options: RunOptions = {}, progress?: (done: number) => void): Promise<Campaign> {
  const failures: string[] = []
  let versions = 0
  for (let seed = from; seed < from + count && failures.length < 5; seed += 1) {
    const result = await runSeed(seed, options)
    versions += result.versions
    if (result.wrong.length > 0) failures.push(describeFailure(result))
    progress?.(seed - from + 1)
  }
  return { seeds: count, versions, failures }
}

/** The first seed from `from` on that fails; undefined when none of `count` does. */
export async function firstFailure(from: number, count: number, options: RunOptions): Promise<RunResult | undefined> {
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await runSeed(seed, options)
    if (result.wrong.length > 0) return result
  }
  return undefined
}
