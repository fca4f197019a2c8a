import { allBugs, firstSeedOf, knownBugs, planOfSeed, runnableScenario } from '@concord/sim/campaign/plan-of-seed'
import { holdGuard } from '@concord/sim/kernel/guard'
import type { Plan } from '@concord/sim/plan/plan'
import { type CaughtBug, catchBug } from '@concord/sim/shrink/catch-bug'
import { describeSize } from '@concord/sim/shrink/plan-size'
import { storyOf } from '@concord/sim/shrink/story'
import type { Command, Io } from '../../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { progressBar } from '../../command/progress.ts'
import { reading } from './bad-file.ts'
import { positiveNumber, wholeNumber } from './number-arguments.ts'
import { runPlan } from './watched-run.ts'

export const bugs: Command = {
  usage: 'sim bugs [BUG...] [options]',
  options: {
    seeds: { kind: 'number', doc: 'seeds of each scenario until a bug counts as not caught (default: 500)' },
    scenarios: { kind: 'text', value: 'NAMES', doc: 'where to look, with commas between them (default: quick,swarm)' },
    recorded: { kind: 'flag', doc: 'begin where the swarm is known to notice first: minutes instead of an hour (with --scenarios swarm)' },
    seconds: { kind: 'number', doc: 'wall time for shrinking one (default: 60)' },
  },
  async run(args, io): Promise<ExitCode> {
    const names = args.positionals.length > 0 ? args.positionals : allBugs()
    reading(() => knownBugs(names))
    const seeds = wholeNumber(args, 'seeds') ?? 500
    const loaded = (args.text('scenarios') ?? 'quick,swarm').split(',').map((name) => reading(() => runnableScenario(name.trim())))
    const scenarios = loaded.map((scenario) => (seed: number, planted: readonly string[]) => planOfSeed(scenario, seed, { bugs: planted }))
    const isRecorded = args.flag('recorded')
    if (isRecorded && args.text('scenarios') !== 'swarm') throw usageError('--recorded knows seeds of the swarm: say --scenarios swarm too')
    const options = { seeds, scenarios, run: (plan: Plan) => runPlan(plan, { stopAtViolation: true }), now: () => performance.now(), maxMs: (positiveNumber(args, 'seconds') ?? 60) * 1_000 }
    const caught = await inTurn(names, (name) => catchBug(name, { ...options, from: isRecorded ? firstSeedOf(name) : 1 }), io)
    io.result(caught.map(({ name, found }) => ({ bug: name, ...rowOf(found) })), caught.map(({ name, found }) => describe(name, found, seeds * scenarios.length)).join('\n'))
    return caught.every(({ found }) => found !== undefined) ? EXIT.ok : EXIT.checkFailed
  },
}

interface Row {
  readonly name: string
  readonly found: CaughtBug | undefined
}

async function inTurn(names: readonly string[], find: (name: string) => Promise<CaughtBug | undefined>, io: Io): Promise<readonly Row[]> {
  const rows: Row[] = []
  const bar = progressBar(io, 'planted bugs', names.length)
  const release = holdGuard()
  for (const name of names) {
    const found = await find(name)
    rows.push({ name, found })
    bar.at(rows.length, name)
    if (!io.isTerminal) io.progress(`${rows.length} of ${names.length}: ${name} ${found === undefined ? 'NOT CAUGHT' : `caught, ${describeSize(found.shrunk.after)}`}`)
  }
  release()
  bar.done()
  return rows
}

function rowOf(found: CaughtBug | undefined): object {
  if (found === undefined) return { caught: false }
  const { scenario, seed, seeds, shrunk } = found
  const { failure, before, after, runs, ended, plan } = shrunk
  return { caught: true, scenario, seed, seeds, failure, before, after, runs, ended, story: storyOf(plan, failure) }
}

function describe(name: string, found: CaughtBug | undefined, seeds: number): string {
  if (found === undefined) return `${name.padEnd(28)} NOT CAUGHT in ${seeds} seeds`
  const { scenario, seed, seeds: needed, shrunk } = found
  const { failure, before, after, runs, ended } = shrunk
  return `${name.padEnd(28)} ${`${scenario} ${seed}`.padEnd(10)} ${String(needed).padStart(5)} seeds   ${describeSize(before)} -> ${describeSize(after)} (${runs} runs${ended === 'minimal' ? '' : `, ${ended} up`})   ${failure.slice(0, 120)}`
}
