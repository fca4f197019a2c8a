import type { Level, Plan } from '../plan/plan.ts'
import { BUGS } from '../bugs/bugs.ts'
import { FIRST_SEEDS } from '../bugs/first-seeds.ts'
import { FileError } from '../scenario/file/file-error.ts'
import { expand } from '../scenario/expand/expand.ts'
import { loadScenario, missingParts } from '../scenario/file/load-scenario.ts'
import { MISSING_PARTS } from '../scenario/file/parts.ts'
import type { Scenario } from '../scenario/schema/schema.ts'
import { didYouMean } from '../scenario/file/suggest.ts'

/** What is asked for beside scenario and seed. */
export interface PlanChanges {
  /** Instead of the scenario's. */
  readonly level?: Level
  /** Planted bugs, beside the scenario's. */
  readonly bugs?: readonly string[]
}

/** A scenario that can run here. Throws {@link FileError} that says what to do when it cannot. */
export function runnableScenario(nameOrPath: string): Scenario {
  const scenario = loadScenario(nameOrPath)
  const missing = missingParts(scenario)
  if (missing.length === 0) return scenario
  const parts = missing.map((part) => `${part}${part in MISSING_PARTS ? ` (${MISSING_PARTS[part as keyof typeof MISSING_PARTS]})` : ''}`)
  throw new FileError(nameOrPath, [`scenario ${scenario.name} needs what is not built yet: ${parts.join('; ')}. \`concord sim list\` shows what runs today`])
}

/** Names of the bugs that can be planted. */
export function allBugs(): readonly string[] {
  return [...BUGS.keys()]
}

/** Seed of the swarm below which nothing notices a planted bug, as recorded. */
export function firstSeedOf(bug: string): number {
  return FIRST_SEEDS[bug] ?? 1
}

/** @throws FileError for a bug that there is not, with the one that was meant */
export function knownBugs(bugs: readonly string[]): void {
  for (const bug of bugs) if (!BUGS.has(bug)) throw new FileError(bug, [`there is no planted bug "${bug}"${didYouMean(bug, BUGS.keys()) || '.'} There are: ${[...BUGS.keys()].join(', ')}`])
}

/** @throws FileError for a bug that there is not */
export function planOfSeed(scenario: Scenario, seed: number, { level, bugs = [] }: PlanChanges = {}): Plan {
  knownBugs(bugs)
  const plan = expand(scenario, seed)
  return { ...plan, level: level ?? plan.level, bugs: [...new Set([...plan.bugs, ...bugs])] }
}
