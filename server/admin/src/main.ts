import type { Command, CommandGroup, Io } from './command/command.ts'
import { CommandError, EXIT, type ExitCode, usageError } from './command/exit.ts'
import { columns, commandHelp } from './command/help.ts'
import { parseArguments } from './command/parse-arguments.ts'
import { closest } from './command/suggest.ts'
import { VERBS } from './verbs.ts'

/** The process: arguments in, exit code out. */
export async function main(argv: readonly string[]): Promise<void> {
  const exit = await run(argv, processIo(argv))
  // Connections that idle in pools would keep the process alive; what was written must still reach its pipe.
  process.stdout.write('', () => process.exit(exit))
}

export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const path: string[] = []
  try {
    return await runVerb(VERBS, path, argv, io)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    io.progress(`concord: ${error.message}`)
    if (error.exit === EXIT.usage) io.progress(path.length > 0 ? `see: concord ${path.join(' ')} --help` : 'see: concord help')
    return error.exit
  }
}

/** @param path verbs that were understood so far; grows, so that an error can name the help that fits */
async function runVerb(verbs: CommandGroup['verbs'], path: string[], argv: readonly string[], io: Io): Promise<ExitCode> {
  const at = argv.findIndex((word) => !word.startsWith('-'))
  const leading = at < 0 ? argv : argv.slice(0, at)
  const [name, ...rest] = argv.slice(leading.length)
  if (name === 'help' || leading.includes('-h')) return listVerbs(verbs, path, io)
  if (parseArguments(leading, {}).flag('help') || name === undefined) return listVerbs(verbs, path, io)
  const known = verbs.get(name)
  if (known === undefined) throw usageError(unknownVerb(name, verbs))
  path.push(name)
  const loaded = await known.load()
  return 'verbs' in loaded ? runVerb(loaded.verbs, path, [...rest, ...leading], io) : runCommand(known.summary, loaded, [...rest, ...leading], io)
}

async function runCommand(summary: string, command: Command, argv: readonly string[], io: Io): Promise<ExitCode> {
  const args = parseArguments(argv, command.options)
  if (!args.flag('help')) return command.run(args, io)
  io.result({ usage: `concord ${command.usage}`, summary, options: command.options }, commandHelp(summary, command))
  return EXIT.ok
}

function listVerbs(verbs: CommandGroup['verbs'], path: readonly string[], io: Io): ExitCode {
  const rows = [...verbs].map(([verb, { summary }]) => [verb, summary] as const)
  const usage = ['concord', ...path, 'VERB'].join(' ')
  io.result(Object.fromEntries(rows), `usage: ${usage} [options]\n\n${columns(rows)}\n\n${usage} --help explains one.`)
  return EXIT.ok
}

function unknownVerb(verb: string, verbs: CommandGroup['verbs']): string {
  const meant = closest(verb, [...verbs.keys()])
  return `unknown verb ${JSON.stringify(verb)}${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

function processIo(argv: readonly string[]): Io {
  const json = argv.includes('--json')
  return {
    json,
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
    result: (value, text) => void process.stdout.write(`${json ? JSON.stringify(value) : text}\n`),
    progress: (text) => void process.stderr.write(`${text}\n`),
  }
}
