import { Code, ConnectError } from '@connectrpc/connect'
import { type Client, connect, defaultTransport, type Document } from '@concord/client'
import { Role } from '@concord/proto'
import { systemRuntime } from '@concord/runtime'
import type { Io } from '../command/command.ts'
import { CommandError, EXIT, usageError } from '../command/exit.ts'
import { calling, connection, developmentToken } from '../connection.ts'
import { progressBar } from '../command/progress.ts'
import { agreement, untilInStep } from './agreement.ts'
import { DelayedTransport } from './delayed-transport.ts'
import { Latencies, type Percentiles } from './latencies.ts'
import { scaledEdit } from './scaled-edit.ts'
import { Seeded } from './seeded.ts'
import type { Trace } from './trace.ts'

export interface ReplayOptions {
  readonly url: string
  readonly document: string
  readonly clients: number
  readonly seed: number
  /** Milliseconds, one way. */
  readonly delayMs: number
  /** Edits per second; as fast as they go when left out. */
  readonly rate: number | undefined
  /** Every client's; development identities when left out. */
  readonly token: string | undefined
}

export interface ReplayResult {
  readonly trace: string
  readonly document: string
  readonly clients: number
  readonly seed: number
  readonly delayMs: number
  readonly edits: number
  /** From the first edit until the last one is acknowledged. */
  readonly seconds: number
  readonly editsPerSecond: number
  readonly committed: number
  readonly committedPerSecond: number
  readonly ack: Percentiles
  readonly visible: Percentiles
  /** Who holds the same content. */
  readonly agreed: readonly string[]
  readonly hash: string
  readonly length: number
  readonly problems: readonly string[]
}

/** One client of the replay, with what went wrong in it. */
export interface Replayer {
  readonly name: string
  readonly client: Client
  readonly document: Document
}

/** Replays a trace through real clients that all edit at once, and compares what everybody holds afterwards. */
export async function replayTrace(trace: Trace, options: ReplayOptions, io: Io): Promise<ReplayResult> {
  const latencies = new Latencies()
  const problems: string[] = []
  await prepare(options)
  const replayers = await openAll(options, latencies, problems)
  try {
    const start = performance.now()
    await editAll(trace, replayers, options.rate, io)
    await Promise.all(replayers.map(({ document }) => document.saved())).catch((error: unknown) => problems.push(`an edit came back: ${String(error)}`))
    const seconds = (performance.now() - start) / 1000
    await untilInStep(replayers)
    const { agreed, length, hash, committed } = await agreement(trace, replayers, connectionOf(options, 0), options.document, problems)
    const rates = { editsPerSecond: trace.edits.length / seconds, committed, committedPerSecond: committed / seconds }
    const { document, clients, seed, delayMs } = options
    return { trace: trace.name, document, clients, seed, delayMs, edits: trace.edits.length, seconds, ...rates, ack: latencies.ack(), visible: latencies.visible(), agreed, hash, length, problems }
  } finally {
    await Promise.all(replayers.map(({ client }) => client.close()))
  }
}

/** Edit i by client i mod N. A client with many edits on their way is waited for, as a program should. */
async function editAll(trace: Trace, replayers: readonly Replayer[], rate: number | undefined, io: Io): Promise<void> {
  const bar = progressBar(io, trace.name, trace.edits.length)
  const start = performance.now()
  for (const [index, edit] of trace.edits.entries()) {
    const { document } = replayers[index % replayers.length] as Replayer
    while (document.status.slowDown) await turn()
    if (rate !== undefined) while (performance.now() - start < (index / rate) * 1000) await turn()
    const operation = scaledEdit(edit, document.text)
    if (operation !== undefined) document.change(operation)
    if (index % replayers.length === replayers.length - 1) await turn()
    if (index % 100 === 0) bar.at(index)
  }
  bar.at(trace.edits.length)
  bar.done()
}

/** Lets the network have its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A new document, or an empty one, that every client may edit. */
async function prepare(options: ReplayOptions): Promise<void> {
  const { documents } = connectionOf(options, 0)
  const documentId = options.document.replace('documents/', '')
  await calling(() => documents.createDocument({ documentId, document: { title: `Replay ${documentId}`, type: 'text' } }).catch(ignoreExisting))
  const { document } = await calling(() => documents.getDocument({ name: options.document }))
  if (document !== undefined && document.version > 0n) throw usageError(`${options.document} has content already: name a new document with --document`)
  if (options.token !== undefined) return
  for (let index = 1; index < options.clients; index++) await calling(() => documents.setGrant({ document: options.document, grant: { userId: userName(index), role: Role.EDITOR } }))
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof ConnectError) || error.code !== Code.AlreadyExists) throw error
}

async function openAll(options: ReplayOptions, latencies: Latencies, problems: string[]): Promise<Replayer[]> {
  const { clock, timers } = systemRuntime
  const open = async (index: number): Promise<Replayer> => {
    const name = `client ${index + 1}`
    const network = { delayMs: options.delayMs, random: new Seeded(options.seed * 1_000 + index), clock, timers, latencies }
    const client = connect({ url: options.url, token: tokenOf(options, index), transport: (context) => new DelayedTransport(defaultTransport(context), network) })
    const document = await client.open(options.document, { signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
      throw new CommandError(EXIT.unreachable, `${name} could not open ${options.document}: ${String(error)}`)
    })
    document.on('rejected', ({ error }) => problems.push(`${name}: an edit was refused: ${error.message}`))
    document.on('stranded', ({ reason }) => problems.push(`${name}: an edit was stranded: ${reason}`))
    document.on('diverged', () => problems.push(`${name}: diverged`))
    return { name, client, document }
  }
  return Promise.all(Array.from({ length: options.clients }, (_, index) => open(index)))
}

function tokenOf({ token, url }: ReplayOptions, index: number): () => Promise<string> {
  return token === undefined ? () => developmentToken(url, userName(index)) : async () => token
}

function connectionOf(options: ReplayOptions, index: number) {
  return connection(options.url, tokenOf(options, index))
}

function userName(index: number): string {
  return `replay-${index + 1}`
}
