import type { Io } from './command/command.ts'
import { CommandError, EXIT, type ExitCode, usageError } from './command/exit.ts'
import { columns, commandHelp } from './command/help.ts'
import { parseArguments } from './command/parse-arguments.ts'
import { closest } from './command/suggest.ts'
import { type Verb, VERBS } from './verbs.ts'

/** The process: arguments in, exit code out. */
export async function main(argv: readonly string[]): Promise<void> {
  const exit = await run(argv, processIo(argv))
  // Connections that idle in pools would keep the process alive; what was written must still reach its pipe.
  process.stdout.write('', () => process.exit(exit))
}

export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [verb, ...rest] = argv
  try {
    if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') return listVerbs(io)
    const known = VERBS.get(verb)
    if (known === undefined) throw usageError(unknownVerb(verb))
    return await runCommand(known, rest, io)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    io.progress(`concord: ${error.message}`)
    if (error.exit === EXIT.usage) io.progress(verb !== undefined && VERBS.has(verb) ? `see: concord ${verb} --help` : 'see: concord help')
    return error.exit
  }
}

async function runCommand({ summary, load }: Verb, argv: readonly string[], io: Io): Promise<ExitCode> {
  const command = await load()
  const args = parseArguments(argv, command.options)
  if (!args.flag('help')) return command.run(args, io)
  io.result({ usage: `concord ${command.usage}`, summary, options: command.options }, commandHelp(summary, command))
  return EXIT.ok
}

function listVerbs(io: Io): ExitCode {
  const rows = [...VERBS].map(([verb, { summary }]) => [verb, summary] as const)
  io.result(Object.fromEntries(rows), `usage: concord VERB [options]\n\n${columns(rows)}\n\nconcord VERB --help explains one.`)
  return EXIT.ok
}

function unknownVerb(verb: string): string {
  const meant = closest(verb, [...VERBS.keys()])
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
