import { calibrate as measure, CALIBRATION_STEPS } from '@concord/sim/capacity/calibrate/calibrate'
import { describeCalibration } from '@concord/sim/capacity/describe-calibration'
import type { Command } from '../../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../../command/exit.ts'
import { progressBar } from '../../command/progress.ts'
import { writeOut } from './write-file.ts'

const OUT = '.concord/calibration.json'

export const calibrate: Command = {
  usage: 'sim calibrate [options]',
  options: { out: { kind: 'text', short: 'o', value: 'FILE', doc: `where the figures go (default: ${OUT}); \`concord plan --calibration\` reads it` } },
  async run(args, io): Promise<ExitCode> {
    if (args.positionals.length > 0) throw usageError(`sim calibrate takes options only, not ${JSON.stringify(args.positionals[0])}`)
    const out = args.text('out') ?? OUT
    const bar = progressBar(io, 'measuring', CALIBRATION_STEPS)
    let step = 0
    const calibration = await measure((title) => bar.at(step++, title)).finally(() => bar.done())
    writeOut(out, `${JSON.stringify(calibration, null, 2)}\n`)
    io.result({ ...calibration, file: out }, `${describeCalibration(calibration)}\n${out} written. Runs go on with the committed figures, so that their hashes stay the same everywhere.`)
    return EXIT.ok
  },
}
