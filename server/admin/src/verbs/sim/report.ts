import { dirname, relative } from 'node:path'
import { readText } from '@concord/sim/campaign/recorded-plan'
import { renderReport, type ReportExtra } from '@concord/sim/report/render-report'
import { readResult } from '@concord/sim/report/result-file'
import type { RunResult } from '@concord/sim/run/run-result'
import { aboutScenario } from '@concord/sim/scenario/file/load-scenario'
import type { Command } from '../../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { reading } from './bad-file.ts'
import { writeOut } from './write-file.ts'

export const report: Command = {
  usage: 'sim report RESULT.json [options]',
  options: { out: { kind: 'text', short: 'o', value: 'FILE', doc: 'where the page goes (default: beside the result, .html)' } },
  async run(args, io): Promise<ExitCode> {
    const [file] = args.positionals
    if (file === undefined) throw usageError('name a result: `concord sim run SCENARIO --result FILE` writes one, and a campaign keeps those of its findings')
    const out = args.text('out') ?? file.replace(/\.json$/, '') + '.html'
    const result = reading(() => resultIn(file))
    writeReport(out, result, { json: file })
    io.result({ report: out, verdict: result.verdict }, `${out}: ${result.verdict}, ${result.plan.scenario}, seed ${result.plan.seed}`)
    return EXIT.ok
  },
}

/**
 * Writes the page of a result, with what its scenario says about itself.
 * @param extra `json` is a path as `path` is one; the page names it as seen from itself
 * @param source the scenario as it was given, when that is another name than the plan's
 */
export function writeReport(path: string, result: RunResult, { json, ...extra }: ReportExtra, source?: string): void {
  const { scenario, title } = result.plan
  const about = aboutScenario(source ?? scenario, title)
  writeOut(path, renderReport(result, { ...(about === undefined ? {} : { about }), ...extra, ...(json === undefined ? {} : { json: relative(dirname(path), json) }) }))
}

export function resultIn(file: string): RunResult {
  const read = readResult(readText(file))
  if (read.kind === 'problem') throw usageError(`${file}: ${read.problem}`)
  return read.result
}
