import { describeSettings } from '@concord/server/config/describe'
import type { SettingName } from '@concord/server/config'
import { runServer } from '@concord/server/main'
import type { Arguments, Command, OptionTable } from '../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../command/exit.ts'

/** Every setting of the server is an option, named as the setting: `CONCORD_DRAIN_SECONDS` is `--drain-seconds`. */
const SETTINGS = describeSettings().map((setting) => ({ ...setting, option: setting.env.replace('CONCORD_', '').toLowerCase().replaceAll('_', '-') }))

export const serve: Command = {
  usage: 'serve [options]',
  options: Object.fromEntries(SETTINGS.map(({ option, doc, preset }) => [option, { kind: 'text', value: 'VALUE', doc: `${doc} (default: ${preset})` }])) satisfies OptionTable,
  async run(args, io): Promise<ExitCode> {
    if (args.positionals.length > 0) throw usageError(`serve takes options only, not ${JSON.stringify(args.positionals[0])}`)
    const code = await runServer({ env: io.env, options: optionsOf(args) })
    return code === 0 ? EXIT.ok : code === 2 ? EXIT.usage : EXIT.checkFailed
  },
}

function optionsOf(args: Arguments): Partial<Record<SettingName, string>> {
  return Object.fromEntries(SETTINGS.flatMap(({ name, option }) => (args.text(option) === undefined ? [] : [[name, args.text(option)]])))
}
