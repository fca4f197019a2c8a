import { fileURLToPath } from 'node:url'
import { thisBuild } from '@concord/sim/campaign/this-build'
import { holdGuard } from '@concord/sim/kernel/guard'
import type { Plan } from '@concord/sim/plan/plan'
import type { RunResult } from '@concord/sim/run/run-result'
import { onlyByBugs } from '@concord/sim/shrink/catch-bug'
import { describeSize } from '@concord/sim/shrink/plan-size'
import { regressionOf } from '@concord/sim/shrink/regression'
import { shrink as shrinkPlan, type ShrinkProgress, SHRINK_LIMITS, type Shrunk } from '@concord/sim/shrink/shrink'
import { storyOf } from '@concord/sim/shrink/story'
import type { Arguments, Command, Io } from '../../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { progressBar } from '../../command/progress.ts'
import { positiveNumber } from './number-arguments.ts'
import { PLAN_OPTIONS, planOf } from './plan-arguments.ts'
import { writeReport } from './report.ts'
import { type RunPlan, runPlan, watchedRun } from './watched-run.ts'
import { writeOut } from './write-file.ts'

/** Where `--keep` puts a regression. */
const REGRESSIONS = fileURLToPath(new URL('../../../../../sim/regressions/', import.meta.url))

export const shrink = shrinkVerb(runPlan)

/** @param regressions folder that ends in a slash */
export function shrinkVerb(runPlan: RunPlan, regressions: string = REGRESSIONS): Command {
  return {
    usage: 'sim shrink PLAN.json|SCENARIO [options]',
    options: {
      ...PLAN_OPTIONS,
      runs: { kind: 'number', doc: `runs at most (default: ${SHRINK_LIMITS.maxRuns})` },
      seconds: { kind: 'number', doc: `wall time at most (default: ${SHRINK_LIMITS.maxMs / 1_000})` },
      out: { kind: 'text', short: 'o', value: 'FILE', doc: 'where the small plan goes (default: .sim/shrunk-SCENARIO-SEED.json)' },
      keep: { kind: 'text', value: 'NAME', doc: 'keep it as a regression test: sim/regressions/NAME.json' },
      report: { kind: 'text', value: 'FILE', doc: 'write a report of the failure with the small plan in it (.html)' },
    },
    async run(args, io): Promise<ExitCode> {
      const { plan, source } = planOf(args)
      const keep = args.text('keep')
      if (keep !== undefined && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(keep)) throw usageError('--keep takes a name of small letters, digits and hyphens, as `late-ack-after-crash`')
      const whole = await watchedRun(runPlan, plan, io)
      const shrunk = await shrinkWatched(runPlan, plan, whole, args, io)
      if (shrunk === undefined) throw usageError(`${source} passes, seed ${plan.seed}: there is nothing to shrink`)
      const files = await write(args, runPlan, shrunk, whole, regressions)
      const { failure, before, after, runs, ended, plan: small } = shrunk
      const story = storyOf(small, shrunk.result.violations[0]?.message ?? shrunk.result.because)
      const sizes = `${describeSize(before)} -> ${describeSize(after)} in ${runs} runs${ended === 'minimal' ? '' : `, when ${ended === 'runs' ? 'the runs were used up (--runs)' : 'the time was up (--seconds)'}`}`
      io.result({ failure, story, before, after, runs, ended, files, plan: small }, [`${failure}`, `  ${sizes}`, '', ...story.map((line) => `  ${line}`), '', ...files.map((file) => `wrote ${file}`), `npx concord sim replay ${files[0]}`].join('\n'))
      return EXIT.ok
    },
  }
}

async function shrinkWatched(run: RunPlan, plan: Plan, whole: RunResult, args: Arguments, io: Io): Promise<Shrunk | undefined> {
  const [maxRuns, seconds] = [positiveNumber(args, 'runs') ?? SHRINK_LIMITS.maxRuns, positiveNumber(args, 'seconds')]
  const bar = progressBar(io, 'shrinking', maxRuns)
  const release = holdGuard()
  const progress = ({ pass, runs, size }: ShrinkProgress): void => bar.at(runs, `${describeSize(size)}: ${pass}`)
  try {
    // What comes after the first violation is of no use here.
    const brief = (candidate: Plan): Promise<RunResult> => run(candidate, { stopAtViolation: true })
    return await shrinkPlan(plan, whole, { run: plan.bugs.length > 0 ? onlyByBugs(brief) : brief, now: () => performance.now(), progress, maxRuns, ...(seconds === undefined ? {} : { maxMs: seconds * 1_000 }) })
  } finally {
    release()
    bar.done()
  }
}

async function write(args: Arguments, run: RunPlan, shrunk: Shrunk, whole: RunResult, regressions: string): Promise<readonly string[]> {
  const { plan } = shrunk
  const build = thisBuild()
  const out = args.text('out') ?? `.sim/shrunk-${plan.scenario}-${plan.seed}.json`
  const result = await run(plan, { wall: () => performance.now() })
  writeOut(out, json({ plan, hash: result.hash, ...build }))
  const [keep, report] = [args.text('keep'), args.text('report')]
  const kept = keep === undefined ? undefined : `${regressions}${keep}.json`
  if (kept !== undefined && keep !== undefined) writeOut(kept, json(regressionOf(keep, shrunk, build)))
  const repro = `npx concord sim replay ${out}`
  if (report !== undefined) writeReport(report, whole, { environment: build, minimal: { plan, result, story: storyOf(plan), repro } })
  return [out, kept, report].filter((file) => file !== undefined)
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`
}
