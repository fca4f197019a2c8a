import type { RecordedPlan } from '@concord/sim/campaign/recorded-plan'
import { type Build, thisBuild, thisMachine } from '@concord/sim/campaign/this-build'
import { resultJson } from '@concord/sim/report/result-file'
import type { RunResult } from '@concord/sim/run/run-result'
import type { Arguments, Command } from '../../command/command.ts'
import type { ExitCode } from '../../command/exit.ts'
import { LIVE_OPTIONS, live, withoutLive } from './live.ts'
import { changesOf, PLAN_OPTIONS, planOf } from './plan-arguments.ts'
import { writeReport } from './report.ts'
import { describeResult, exitOf, repro, reproCommand } from './verdict.ts'
import { type RunPlan, runPlan, watchedRun } from './watched-run.ts'
import { writeOut } from './write-file.ts'

export const OUTPUT_OPTIONS = {
  report: { kind: 'text', value: 'FILE', doc: 'write a report for people (.html)' },
  result: { kind: 'text', value: 'FILE', doc: 'write the whole result (.json), for `sim report`' },
} as const

export const run = runVerb(runPlan)

/** @param runPlan how a plan is run */
export function runVerb(runPlan: RunPlan): Command {
  return {
    usage: 'sim run SCENARIO|FILE [options]',
    options: { ...PLAN_OPTIONS, ...OUTPUT_OPTIONS, ...LIVE_OPTIONS, 'plan-out': { kind: 'text', value: 'FILE', doc: 'write the plan and its hash (.json), for `sim replay` and `sim shrink`' } },
    async run(args, io): Promise<ExitCode> {
      if (args.flag('live')) return live(args, io)
      withoutLive(args)
      const { plan, source } = planOf(args)
      const build = thisBuild()
      const line = repro(source, plan, build, changesOf(args))
      io.progress(line)
      const result = await watchedRun(runPlan, plan, io)
      write(args, result, build, source)
      io.result(result, `${describeResult(result)}${result.verdict === 'pass' ? '' : `\n${nextStep(source, result)}`}\n${line}`)
      if (io.json) io.progress(line)
      return exitOf(result.verdict)
    },
  }
}

function write(args: Arguments, result: RunResult, build: Build, source: string): void {
  const [report, out, planOut] = [args.text('report'), args.text('result'), args.text('plan-out')]
  if (out !== undefined) writeOut(out, resultJson(result))
  if (planOut !== undefined) writeOut(planOut, `${JSON.stringify({ plan: result.plan, hash: result.hash, ...build } satisfies RecordedPlan, undefined, 1)}\n`)
  if (report === undefined) return
  const environment = { ...build, machine: thisMachine(), date: new Date().toISOString().slice(0, 10) }
  writeReport(report, result, { repro: reproCommand(source, result.plan, changesOf(args)), environment, ...(out === undefined ? {} : { json: out }) }, source.endsWith('.json') ? undefined : source)
}

function nextStep(source: string, { plan }: RunResult): string {
  const bugs = plan.bugs.length === 0 ? '' : ` --bug ${plan.bugs.join(',')}`
  return `make it small: npx concord sim shrink ${source.endsWith('.json') ? source : `${source} --seed ${plan.seed}${bugs}`}`
}
