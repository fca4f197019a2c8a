import { describeSettings, printSettings } from '@concord/server/config/describe'
import type { Command } from '../command/command.ts'
import { EXIT, type ExitCode } from '../command/exit.ts'

export const config: Command = {
  usage: 'config [options]',
  options: {},
  async run(_, io): Promise<ExitCode> {
    io.result(describeSettings(), printSettings().trimEnd())
    return EXIT.ok
  },
}
