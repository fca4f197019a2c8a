import type { Arguments, Command, Io } from '../command/command.ts'
import { EXIT, type ExitCode, usageError } from '../command/exit.ts'
import { CONNECTION_OPTIONS, serverUrl } from '../connection.ts'
import { loadTrace, type Trace } from '../replay/trace.ts'
import { type ReplayOptions, type ReplayResult, replayTrace } from '../replay/replay-trace.ts'
import { withServer } from '../replay/with-server.ts'

export const replay: Command = {
  usage: 'replay TRACE [options]',
  options: {
    clients: { kind: 'number', doc: 'clients that edit at once; edit i is made by client i mod N (default: 1)' },
    document: { kind: 'text', value: 'ID', doc: 'a new or empty document (default: replay- and the time)' },
    delay: { kind: 'number', value: 'MS', doc: 'mean one-way delay of the network, seeded (default: 0)' },
    rate: { kind: 'number', doc: 'edits per second over all clients (default: as fast as they go)' },
    limit: { kind: 'number', value: 'EDITS', doc: 'stop after this many edits' },
    seed: { kind: 'number', doc: 'seed of delays and of the trace named small (default: 1)' },
    'start-server': { kind: 'flag', doc: 'start a server for this run when none answers' },
    ...CONNECTION_OPTIONS,
  },
  async run(args, io): Promise<ExitCode> {
    const [name] = args.positionals
    if (name === undefined) throw usageError('name a trace: a file, one of the folder in CONCORD_TRACES, or `small`')
    const seed = args.number('seed') ?? 1
    const trace = shortened(await loadTrace(name, io.env['CONCORD_TRACES'] ?? '../shared/data/traces', seed), args.number('limit'))
    const options = optionsOf(args, io, seed)
    const result = await withServer(serverUrl(args, io), args.flag('start-server'), io, (url) => replayTrace(trace, { ...options, url }, io))
    io.result(result, described(result))
    return result.problems.length === 0 ? EXIT.ok : EXIT.checkFailed
  },
}

function optionsOf(args: Arguments, io: Io, seed: number): Omit<ReplayOptions, 'url'> {
  const clients = args.number('clients') ?? 1
  if (!Number.isInteger(clients) || clients < 1) throw usageError('--clients takes a whole number from 1')
  const document = `documents/${(args.text('document') ?? `replay-${Date.now()}`).replace(/^documents\//, '')}`
  return { document, clients, seed, delayMs: args.number('delay') ?? 0, rate: args.number('rate'), token: args.text('token') ?? io.env['CONCORD_TOKEN'] }
}

/** The end of a shortened trace is not known beforehand, so it follows from the edits. */
function shortened(trace: Trace, limit: number | undefined): Trace {
  if (limit === undefined || limit >= trace.edits.length) return trace
  const edits = trace.edits.slice(0, limit)
  const units = edits.reduce<string[]>((text, { position, deleted, inserted }) => (text.splice(position, deleted, ...inserted.split('')), text), [])
  return { name: `${trace.name}, ${limit} edits`, edits, endContent: units.join('') }
}

function described(result: ReplayResult): string {
  const time = ({ p50, p95, p99, max, count }: ReplayResult['ack']): string =>
    count === 0 ? 'nobody to see it' : `p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  max ${max.toFixed(1)} ms  (${count})`
  return [
    `${result.trace}: ${result.edits} edits by ${result.clients} clients in ${result.document}, seed ${result.seed}, delay ${result.delayMs} ms`,
    `  edits              ${result.editsPerSecond.toFixed(0)}/s over ${result.seconds.toFixed(2)} s`,
    `  committed          ${result.committed} operations, ${result.committedPerSecond.toFixed(0)}/s`,
    `  submit -> ack      ${time(result.ack)}`,
    `  submit -> visible  ${time(result.visible)}`,
    result.problems.length === 0
      ? `  agree              ${result.agreed.join(', ')}: ${result.length} units, content hash ${result.hash}`
      : `  PROBLEMS\n${result.problems.map((problem) => `    ${problem}`).join('\n')}`,
  ].join('\n')
}
