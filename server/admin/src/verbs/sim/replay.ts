import { readRecordedPlan, type RecordedPlan } from '@concord/sim/campaign/recorded-plan'
import { type Build, thisBuild } from '@concord/sim/campaign/this-build'
import { resultJson } from '@concord/sim/report/result-file'
import type { RunResult } from '@concord/sim/run/run-result'
import type { Command } from '../../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { reading } from './bad-file.ts'
import { writeReport } from './report.ts'
import { OUTPUT_OPTIONS } from './run.ts'
import { describeResult, exitOf, repro, reproCommand } from './verdict.ts'
import { type RunPlan, runPlan, watchedRun } from './watched-run.ts'
import { writeOut } from './write-file.ts'

export const replay = replayVerb(runPlan)

/** What the hash of a file says about this run. `moved`: another one, which another build may well have. */
type HashVerdict = 'none' | 'equal' | 'differs' | 'moved'

export function replayVerb(runPlan: RunPlan, build: () => Build = thisBuild): Command {
  return {
    usage: 'sim replay PLAN.json [options]',
    options: OUTPUT_OPTIONS,
    async run(args, io): Promise<ExitCode> {
      const [file] = args.positionals
      if (file === undefined) throw usageError('name a plan: `concord sim run SCENARIO --plan-out FILE` writes one, and a campaign keeps those of its findings')
      const recorded = reading(() => readRecordedPlan(file))
      const here = build()
      const line = repro(file, recorded.plan, here)
      io.progress(line)
      const result = await watchedRun(runPlan, recorded.plan, io)
      const [out, report] = [args.text('result'), args.text('report')]
      if (out !== undefined) writeOut(out, resultJson(result))
      if (report !== undefined) writeReport(report, result, { repro: reproCommand(file, recorded.plan), environment: here })
      const hash = compared(recorded, result, here)
      io.result({ ...result, recorded: { hash: recorded.hash, verdict: hash } }, `${describeResult(result)}\n${HASH_WORDS[hash]}\n${line}`)
      return hash === 'differs' ? EXIT.checkFailed : exitOf(result.verdict)
    },
  }
}

const HASH_WORDS: Readonly<Record<HashVerdict, string>> = {
  none: '  the file has no hash to compare with',
  equal: '  the hash is the one in the file: the same run, byte for byte',
  differs: '  THE HASH IS NOT THE ONE IN THE FILE, and commit and Node are: something in the run is not drawn from the seed',
  moved: '  the hash is not the one in the file, which was made by another commit or Node',
}

function compared(recorded: RecordedPlan, result: RunResult, here: Build): HashVerdict {
  if (recorded.hash === undefined) return 'none'
  if (recorded.hash === result.hash) return 'equal'
  const isSame = recorded.commit === here.commit && recorded.node === here.node && !here.commit.endsWith('+') && here.commit !== 'unknown'
  return isSame ? 'differs' : 'moved'
}
