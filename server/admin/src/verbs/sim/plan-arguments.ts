import { knownBugs, planOfSeed, type PlanChanges, runnableScenario } from '@concord/sim/campaign/plan-of-seed'
import { readRecordedPlan, type RecordedPlan } from '@concord/sim/campaign/recorded-plan'
import { type Level, LEVELS } from '@concord/sim/plan/plan'
import type { Arguments, OptionTable } from '../../command/command.ts'
import { usageError } from '../../command/exit.ts'
import { reading } from './bad-file.ts'
import { seedOf } from './number-arguments.ts'

/** Options of verbs that take a scenario and a seed. */
export const CHANGE_OPTIONS: OptionTable = {
  level: { kind: 'text', doc: 'message, bytes or http2: how much of the real thing runs (default: as the scenario says)' },
  bug: { kind: 'text', value: 'NAMES', doc: 'plant bugs, by name, with commas between them: for tests of the checkers' },
}

export const PLAN_OPTIONS: OptionTable = {
  seed: { kind: 'number', doc: 'everything random is drawn from it (default: 1)' },
  ...CHANGE_OPTIONS,
}

/** A live run is asked for by --live. */
const SIMULATED: readonly Level[] = LEVELS.filter((level) => level !== 'live')

/** The plan of a scenario and a seed, or the one that a file holds. */
export function planOf(args: Arguments): RecordedPlan & { readonly source: string } {
  const [source] = args.positionals
  if (source === undefined) throw usageError('name a scenario (`concord sim list` shows them), a scenario file, or a plan (.json)')
  if (source.endsWith('.json')) return { ...planOfFile(source, args), source }
  const seed = seedOf(args)
  return { source, plan: reading(() => planOfSeed(runnableScenario(source), seed, changesOf(args))) }
}

export function changesOf(args: Arguments): PlanChanges {
  const level = args.text('level')
  if (level !== undefined && !SIMULATED.includes(level as Level)) throw usageError(`--level takes ${SIMULATED.join(', ')}, not ${JSON.stringify(level)}`)
  const bugs = args.text('bug')?.split(',').map((name) => name.trim())
  return { ...(level === undefined ? {} : { level: level as Level }), ...(bugs === undefined ? {} : { bugs }) }
}

/** A plan is what it is: its seed cannot be changed, its level and bugs can. */
function planOfFile(path: string, args: Arguments): RecordedPlan {
  if (args.number('seed') !== undefined) throw usageError('a plan has its seed: leave --seed out')
  const { level, bugs } = changesOf(args)
  const recorded = reading(() => readRecordedPlan(path))
  reading(() => knownBugs(bugs ?? recorded.plan.bugs))
  if (level === undefined && bugs === undefined) return recorded
  return { plan: { ...recorded.plan, level: level ?? recorded.plan.level, bugs: bugs ?? recorded.plan.bugs } }
}
