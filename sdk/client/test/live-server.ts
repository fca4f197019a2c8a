import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A development server in a process of its own, on a free port, with its data in a temporary folder. */
export interface LiveServer {
  readonly url: string
  /** Gives tokens of a development identity. */
  token(user: string): () => Promise<string>
  stop(): Promise<void>
}

const COMMAND = fileURLToPath(new URL('../../../node_modules/.bin/concord', import.meta.url))

export async function startServer(): Promise<LiveServer> {
  const data = await mkdtemp(join(tmpdir(), 'concord-client-test-'))
  const child = spawn(COMMAND, ['serve', '--listen', '127.0.0.1:0', '--data', data, '--drain-seconds', '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const url = await readyUrl(child.stdout)
  return {
    url,
    token: (user) => () => developmentToken(url, user),
    stop: async () => {
      child.kill('SIGTERM')
      await exited
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const match = /^concord ready (http:\S+)$/.exec(line)
    if (match !== null) return match[1]!
  }
  throw new Error('the server ended before it was ready')
}

async function developmentToken(url: string, user: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify({ user }) })
  if (!response.ok) throw new Error(`no token for ${user}: ${response.status}`)
  return ((await response.json()) as { readonly token: string }).token
}
