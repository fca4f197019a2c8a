import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server under measurement, in a process and a data folder of its own. */
export interface ServerProcess {
  /** As `http://127.0.0.1:40000`. */
  readonly url: string
  readonly host: string
  /** Milliseconds from its start until it said it was ready. */
  readonly startMs: number
  stop(): Promise<void>
}

const CONCORD = join(import.meta.dirname, '../../../server/admin/bin/concord.js')

/** A Concord server with the limits that a load test needs. `data` outlives it when given. */
export function startConcord(data?: string): Promise<ServerProcess> {
  return start((folder) => [CONCORD, 'serve', '--listen', '127.0.0.1:0', '--data', folder, '--limits', 'loadtest', '--log', 'warn'], data)
}

/** A peer's server: a script, named from this folder, that takes its data folder, then `args`, and prints `... ready URL`. */
export function startPeer(script: string, ...args: readonly string[]): Promise<ServerProcess> {
  return start((folder) => [join(import.meta.dirname, script), folder, ...args], undefined, true)
}

async function start(args: (folder: string) => string[], data?: string, peer = false): Promise<ServerProcess> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const began = performance.now()
  const child = spawn(process.execPath, ['--conditions=source', ...args(folder)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const first = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const line = await Promise.race([first, exited.then(([code]) => `exit code ${code}`)])
  const startMs = performance.now() - began
  const url = /ready (http\S+)$/.exec(line)?.[1]
  if (url === undefined) throw new Error(`the server did not start: ${line}`)
  child.stdout.resume()
  return {
    url,
    host: new URL(url).host,
    startMs,
    async stop() {
      // A peer may be too busy writing to hear of anything gentler.
      child.kill(peer ? 'SIGKILL' : 'SIGTERM')
      await exited
      if (data === undefined) rmSync(folder, { recursive: true })
    },
  }
}
