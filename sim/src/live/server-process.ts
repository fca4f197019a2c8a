import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { systemRuntime } from '@concord/runtime'

const BIN = fileURLToPath(new URL('../../../server/admin/bin/concord.js', import.meta.url))

const LOOPBACK = '127.0.0.1'

/** Below the ports that systems give to outgoing connections: nobody takes it while the server is down, and no client can connect to itself. */
const PORTS = { from: 15_000, count: 15_000 }

/** A server that has not answered SIGTERM by then is killed. Milliseconds. */
const GRACE_MS = 20_000

export interface LoggedLine {
  readonly level: 'warn' | 'error'
  readonly message: string
  readonly cause: string
}

/** `concord serve` in a process of its own, on a data folder of its own: killed, paused, drained and started again at the same address. */
export class ServerProcess {
  readonly url: string
  readonly port: number
  readonly #folder: string
  readonly #onLog: (line: LoggedLine) => void
  #child: ChildProcess | undefined
  #exited: Promise<unknown> = Promise.resolve()
  #isPaused = false

  private constructor(port: number, folder: string, onLog: (line: LoggedLine) => void) {
    this.port = port
    this.url = `http://${LOOPBACK}:${port}`
    this.#folder = folder
    this.#onLog = onLog
  }

  static async start(onLog: (line: LoggedLine) => void = () => undefined): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), await mkdtemp(join(tmpdir(), 'concord-live-')), onLog)
    try {
      await server.start()
    } catch (error) {
      await server.end()
      throw error
    }
    return server
  }

  /** Undefined while there is none. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves when it is ready to serve; does nothing while it runs. */
  async start(): Promise<void> {
    if (this.#child !== undefined) return
    const args = ['--conditions=source', BIN, 'serve', '--listen', `${LOOPBACK}:${this.port}`, '--data', this.#folder, '--limits', 'loadtest', '--log', 'warn']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: withoutSettings(process.env) })
    this.#child = child
    this.#isPaused = false
    const exited = once(child, 'exit')
    this.#exited = exited.then(() => {
      if (this.#child === child) this.#child = undefined
    })
    createInterface({ input: child.stderr }).on('line', (line) => this.#heard(line))
    const said = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
    const line = await Promise.race([said, exited.then(([code, signal]) => `it ended with ${String(code ?? signal)}`)])
    child.stdout.resume()
    if (!line.startsWith('concord ready ')) throw new Error(`the server did not start: ${line}`)
  }

  /** SIGKILL: everything volatile is gone. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#exited
  }

  /** SIGTERM: it goes down in order, within its own time. */
  async drain(): Promise<void> {
    this.resume()
    const child = this.#child
    const grace = systemRuntime.timers.set(GRACE_MS, () => void child?.kill('SIGKILL'))
    child?.kill('SIGTERM')
    await this.#exited
    systemRuntime.timers.clear(grace)
  }

  pause(): void {
    this.#isPaused = this.#child?.kill('SIGSTOP') === true
  }

  resume(): void {
    if (this.#isPaused) this.#child?.kill('SIGCONT')
    this.#isPaused = false
  }

  /** What it leaves behind goes with it. */
  async end(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** For the last moment of this process, when nothing can be waited for. */
  killNow(): void {
    this.#child?.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 })
  }

  /** Milliseconds of processor time that it used since it started; undefined where the system does not say. */
  cpuMs(): number | undefined {
    if (this.pid === undefined) return undefined
    try {
      return cpuOf(readFileSync(`/proc/${this.pid}/stat`, 'utf8'))
    } catch {
      return undefined
    }
  }

  #heard(line: string): void {
    if (!line.startsWith('{')) return
    const entry = JSON.parse(line) as { readonly level?: string; readonly msg?: string; readonly err?: { readonly message?: string } }
    if (entry.level !== 'warn' && entry.level !== 'error') return
    this.#onLog({ level: entry.level, message: entry.msg ?? '', cause: entry.err?.message ?? '' })
  }
}

/** User and system time of a process in milliseconds: fields 14 and 15 of `proc(5)`, in ticks of 10 ms. The name in field 2 may hold anything but ends with the last bracket. */
export function cpuOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = PORTS.from + Math.floor(systemRuntime.random.float() * PORTS.count)
    if (await isFree(port)) return port
  }
  throw new Error(`no port from ${PORTS.from} to ${PORTS.from + PORTS.count} is free`)
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.on('error', () => resolve(false))
    probe.listen(port, LOOPBACK, () => probe.close(() => resolve(true)))
  })
}

/** Settings of whoever runs this are not those of the server under test. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('CONCORD_')))
}
