import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Io } from '../command/command.ts'
import { CommandError, EXIT } from '../command/exit.ts'

const BIN = fileURLToPath(new URL('../../bin/concord.js', import.meta.url))

/** Runs `use` against the server at `url`, or, where none answers and `mayStart`, against one of its own on a free port. */
export async function withServer<T>(url: string, mayStart: boolean, io: Io, use: (url: string) => Promise<T>): Promise<T> {
  if (await answers(url)) return use(url)
  if (!mayStart) throw new CommandError(EXIT.unreachable, `no server answers at ${url}: start one with \`concord serve\`, or add --start-server`)
  const data = await mkdtemp(join(tmpdir(), 'concord-replay-'))
  const server = await startServer(['--data', data, '--limits', 'loadtest', '--log', 'warn'])
  io.progress(`started a server at ${server.url}`)
  try {
    return await use(server.url)
  } finally {
    await server.stop()
    await rm(data, { recursive: true })
  }
}

export interface RunningServer {
  readonly url: string
  /** Asks it to finish (SIGTERM) and waits until it has. @returns its exit code */
  stop(): Promise<number | null>
  /** Ends it where it stands (SIGKILL). */
  kill(): Promise<void>
}

/** A server in a process of its own, on a free port of the loopback interface unless `args` name one. */
export async function startServer(args: readonly string[]): Promise<RunningServer> {
  const listen = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']
  const child = spawn(process.execPath, ['--conditions=source', BIN, 'serve', ...listen, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  const ready = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const line = await Promise.race([ready, exited.then(([code]) => `exit code ${code}`)])
  const url = /^concord ready (http\S+)$/.exec(line)?.[1]
  if (url === undefined) throw new CommandError(EXIT.unreachable, `the server did not start: ${line}`)
  child.stdout.resume()
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    child.kill(signal)
    return (await exited)[0]
  }
  return { url, stop: () => end('SIGTERM'), kill: async () => void (await end('SIGKILL')) }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5_000) })).ok
  } catch {
    return false
  }
}
