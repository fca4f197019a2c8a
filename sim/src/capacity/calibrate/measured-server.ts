import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, Question } from './server-child.ts'

export interface Usage {
  /** Milliseconds of processor time of the main thread. */
  readonly mainMs: number
  /** Of all threads. */
  readonly allMs: number
}

/** A real server in a child process, with a data folder that goes away with it. */
export class MeasuredServer {
  readonly url: string
  readonly token: string
  readonly #failure = Promise.withResolvers<never>()
  readonly #ask: (question: Question) => Promise<Answer>
  readonly #stop: () => Promise<void>

  private constructor(url: string, token: string, ask: (question: Question) => Promise<Answer>, stop: () => Promise<void>) {
    this.url = url
    this.token = token
    this.#ask = ask
    this.#stop = stop
  }

  /** Measures something on a fresh server. Rejects with what went wrong on any of its connections. */
  static async with<T>(measure: (server: MeasuredServer) => Promise<T>): Promise<T> {
    const server = await MeasuredServer.start()
    server.#failure.promise.catch(() => undefined)
    try {
      return await Promise.race([measure(server), server.#failure.promise])
    } finally {
      await server.stop()
    }
  }

  /** Something went wrong where nobody waits: the measurement is over. */
  fail(error: Error): void {
    this.#failure.reject(error)
  }

  private static async start(): Promise<MeasuredServer> {
    const folder = mkdtempSync(join(tmpdir(), 'concord-calibrate-'))
    const child = fork(join(import.meta.dirname, 'server-child.ts'), [folder], { execArgv: ['--conditions=source', '--expose-gc'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: {} })
    const exited = once(child, 'exit')
    const next = (): Promise<Answer> =>
      Promise.race([once(child, 'message').then(([answer]) => answer as Answer), exited.then(([code]) => Promise.reject(new Error(`the measured server ended with code ${code}`)))])
    const ask = (question: Question): Promise<Answer> => {
      const answer = next()
      child.send(question)
      return answer
    }
    const stop = async (): Promise<void> => {
      if (child.exitCode === null) child.send('stop')
      const grace = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await exited
      clearTimeout(grace)
      rmSync(folder, { recursive: true, force: true })
    }
    const ready = await next()
    if (ready.kind !== 'ready') throw new Error('the measured server did not start')
    return new MeasuredServer(ready.url, await developmentToken(ready.url), ask, stop)
  }

  async usage(): Promise<Usage> {
    const answer = await this.#ask('usage')
    if (answer.kind !== 'usage') throw new Error(`asked for usage, got ${answer.kind}`)
    return answer
  }

  /** Bytes resident after a collection. */
  async memory(): Promise<number> {
    const answer = await this.#ask('memory')
    if (answer.kind !== 'memory') throw new Error(`asked for memory, got ${answer.kind}`)
    return answer.bytes
  }

  /** What the server spent while `work` ran. */
  async during(work: () => Promise<void>): Promise<Usage> {
    const before = await this.usage()
    await work()
    const after = await this.usage()
    return { mainMs: after.mainMs - before.mainMs, allMs: after.allMs - before.allMs }
  }

  /** Makes `prefix0` to `prefix(count-1)`. */
  async createDocuments(prefix: string, count: number): Promise<void> {
    const headers = { 'content-type': 'application/json', 'connect-protocol-version': '1', authorization: `Bearer ${this.token}` }
    for (let first = 0; first < count; first += 16) {
      await Promise.all(
        Array.from({ length: Math.min(16, count - first) }, async (_, index) => {
          const body = JSON.stringify({ documentId: `${prefix}${first + index}`, document: { type: 'text' } })
          const response = await fetch(`${this.url}/concord.v1.DocumentService/CreateDocument`, { method: 'POST', headers, body })
          if (!response.ok) throw new Error(`document ${prefix}${first + index}: ${await response.text()}`)
        }),
      )
    }
  }

  private stop(): Promise<void> {
    return this.#stop()
  }
}

async function developmentToken(url: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify({ user: 'load' }) })
  if (!response.ok) throw new Error(`no development token: ${response.status}`)
  return ((await response.json()) as { readonly token: string }).token
}
