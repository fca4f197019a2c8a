import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertion } from './rpc/testing/fake-hub.ts'
import { SocketPeer } from './rpc/testing/socket-peer.ts'
import { caller, openFrame } from './rpc/testing/test-server.ts'

const RUN = fileURLToPath(new URL('./boot/testing/run-server.ts', import.meta.url))
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-main-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Process {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** Exit code. */
  readonly exit: Promise<number | null>
}

function start(env: Record<string, string>): Process {
  const child = spawn(process.execPath, ['--conditions=source', RUN], { env: { PATH: process.env['PATH'], CONCORD_LISTEN: '127.0.0.1:0', CONCORD_DATA: folder, ...env } as never })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return { child, out: () => out, err: () => err, exit: new Promise((resolve) => child.once('close', resolve)) }
}

async function ready(server: Process): Promise<string> {
  await Promise.race([expect.poll(server.out, { timeout: 30_000 }).toMatch(/^concord ready http:\/\/127\.0\.0\.1:\d+\n$/), server.exit.then(() => Promise.reject(new Error(server.err())))])
  return server.out().slice('concord ready '.length).trim()
}

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, { method: 'POST', headers: { origin: url }, body: '{"user":"ada"}' })
  return ((await response.json()) as { token: string }).token
}

describe('the process', () => {
  test('says one line on stdout, logs JSON on stderr, and keeps over a restart what it acknowledged', async () => {
    const first = start({})
    const url = await ready(first)
    const ada = caller(url, await tokenOf(url))
    await ada.create('kept')
    await ada.edit('documents/kept', () => insertion(0, 'kept'), 0)
    const peer = await SocketPeer.welcome(url, await tokenOf(url))
    peer.frame(1, { kind: 'open', open: openFrame('documents/kept', { version: 1, epoch: 1 }) })
    await peer.on(1)
    first.child.kill('SIGTERM')
    expect(await peer.until(({ message }) => message.kind === 'frame' && message.frame.kind === 'notice')).toMatchObject({ message: { frame: { notice: { kind: 'drain' } } } })
    expect((await peer.until(({ message }) => message.kind === 'closed')).message).toMatchObject({ error: { reason: 'DRAINING' } })
    expect(await first.exit).toBe(0)
    expect(first.out().split('\n')).toHaveLength(2)
    for (const line of first.err().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: 'info', service: 'concord' })

    const second = start({})
    const again = await ready(second)
    const { document } = await caller(again, await tokenOf(again)).documents.getDocument({ name: 'documents/kept' })
    expect(document?.version).toBe(1n)
    second.child.kill('SIGINT')
    expect(await second.exit).toBe(0)
  })

  test('refuses a port in use with a sentence', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    const server = start({ CONCORD_LISTEN: `127.0.0.1:${port}`, CONCORD_STORE: 'memory' })
    expect(await server.exit).toBe(1)
    expect(server.err()).toContain(`concord: 127.0.0.1:${port} is in use: stop what listens there, or choose another address with CONCORD_LISTEN\n`)
    expect(server.out()).toBe('')
    taken.close()
  })

  test('refuses what it does not know and what contradicts itself, all at once, with exit code 2', async () => {
    const server = start({ CONCORD_STOER: 'memory', CONCORD_LISTEN: 'here' })
    expect(await server.exit).toBe(2)
    expect(server.err()).toMatch(/CONCORD_STOER is no setting[\s\S]*CONCORD_LISTEN takes host:port/)
  })

  test('production: no development tokens, no reflection, metrics elsewhere, keys that can be read', async () => {
    const auth = { CONCORD_MODE: 'production', CONCORD_AUTH_ISSUER: 'https://id.example', CONCORD_METRICS: '127.0.0.1:0' }
    const broken = start({ ...auth, CONCORD_AUTH_KEYS: join(folder, 'none.json') })
    expect(await broken.exit).toBe(1)
    expect(broken.err()).toContain('CONCORD_AUTH_KEYS')
    const keys = join(folder, 'keys.json')
    writeFileSync(keys, '{"keys":[]}')
    const server = start({ ...auth, CONCORD_AUTH_KEYS: keys, CONCORD_DATA: join(folder, 'production'), CONCORD_DRAIN_SECONDS: '0' })
    const url = await ready(server)
    expect((await fetch(`${url}/dev/token`, { method: 'POST', headers: { origin: url }, body: '{"user":"ada"}' })).status).toBe(404)
    expect((await fetch(`${url}/metrics`)).status).toBe(404)
    expect((await fetch(`${url}/grpc.reflection.v1.ServerReflection/ServerReflectionInfo`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })
})
