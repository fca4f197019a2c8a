import type { Level } from '../../plan/plan.ts'

export interface Repeatable {
  readonly scenario: string
  readonly seed: number
  /** Left out: the scenario's own. */
  readonly level?: Level
  readonly bugs: readonly string[]
}

/** The command that repeats a seed of a scenario, ready for a shell. */
export function runCommand({ scenario, seed, level, bugs }: Repeatable): string {
  const options = [`--seed ${seed}`, ...(level === undefined ? [] : [`--level ${level}`]), ...(bugs.length === 0 ? [] : [`--bug ${shellWord(bugs.join(','))}`])]
  return ['npx concord sim run', shellWord(scenario), ...options].join(' ')
}

function shellWord(text: string): string {
  return /^[\w./:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
