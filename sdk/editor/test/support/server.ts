import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const COMMAND = join(import.meta.dirname, '../../../../server/admin/bin/concord.js')

/** A real server in a process of its own, with a data folder that lives as long as the test file. */
export class TestServer {
  url = ''
  private readonly page: string
  private readonly data: string
  private process: ChildProcess | undefined
  private log = ''

  private constructor(page: string, data: string) {
    this.page = page
    this.data = data
  }

  static async start(page: string): Promise<TestServer> {
    const server = new TestServer(page, await mkdtemp(join(tmpdir(), 'concord-data-')))
    await server.run('127.0.0.1:0')
    return server
  }

  /** Without a chance to write anything. */
  async kill(): Promise<void> {
    const ended = once(this.process!, 'exit')
    this.process!.kill('SIGKILL')
    await ended
  }

  /** On the same port and data as before. */
  async restart(): Promise<void> {
    await this.run(new URL(this.url).host)
  }

  async stop(): Promise<void> {
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill()
    await rm(this.data, { recursive: true, force: true })
  }

  async token(user: string): Promise<string> {
    const response = await fetch(`${this.url}/dev/token`, { method: 'POST', headers: { origin: this.url, 'content-type': 'application/json' }, body: JSON.stringify({ user, name: user }) })
    return ((await response.json()) as { token: string }).token
  }

  /** One unary call, as curl would make it. */
  async call<T>(method: string, body: unknown, user: string): Promise<T> {
    const headers = { authorization: `Bearer ${await this.token(user)}`, 'content-type': 'application/json', 'connect-protocol-version': '1' }
    const response = await fetch(`${this.url}/concord.v1.${method}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${method} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as T
  }

  /** A document with editors; the first is the owner. */
  async createDocument(users: readonly string[], title = 'Test'): Promise<string> {
    const [owner, ...others] = users
    const { document } = await this.call<{ document: { name: string } }>('DocumentService/CreateDocument', { document: { title } }, owner!)
    for (const user of others) await this.grant(document.name, owner!, user, 'ROLE_EDITOR')
    return document.name
  }

  async grant(document: string, owner: string, user: string, role: string): Promise<void> {
    await this.call('DocumentService/SetGrant', { document, grant: { userId: user, role } }, owner)
  }

  /** The text as the log has it. */
  async text(document: string, user: string): Promise<string> {
    const body = { name: document, view: 'DOCUMENT_VIEW_FULL', format: 'CONTENT_FORMAT_TEXT' }
    const answer = await this.call<{ document: { content?: { text?: string } } }>('DocumentService/GetDocument', body, user)
    return answer.document.content?.text ?? ''
  }

  private async run(listen: string): Promise<void> {
    const started = spawn(process.execPath, ['--conditions=source', COMMAND, 'serve', '--listen', listen, '--data', this.data, '--page', this.page], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process = started
    started.stderr!.on('data', (chunk: Buffer) => (this.log += chunk.toString()))
    this.url = await readyUrl(started, () => this.log)
  }
}

async function readyUrl(process: ChildProcess, log: () => string): Promise<string> {
  for await (const line of createInterface({ input: process.stdout! })) {
    const url = /^concord ready (http:\S+)/.exec(line)?.[1]
    if (url !== undefined) {
      process.stdout!.resume()
      return url
    }
  }
  throw new Error(`the server ended before it was ready:\n${log()}`)
}
