import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const bin = join(root, 'server/admin/bin/concord.js')

/** A Node that is older than the one we need, if this machine has one. */
async function olderNode(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  for (const node of folders.map((folder) => join(folder, 'node')).filter(existsSync)) {
    const { stdout } = await promisify(execFile)(node, ['--version'])
    if (Number(/^v(\d+)/.exec(stdout)?.[1]) < 26) return node
  }
  return undefined
}

const older = await olderNode()

test.skipIf(older === undefined)('an older Node is refused with what to do, before anything else is loaded', async () => {
  const child = promisify(execFile)(String(older), [bin, 'serve'])
  await expect(child).rejects.toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/needs Node 26 or newer.*\n.*npm ci/) })
})

test('make run starts a server without set-up, says where, and ends cleanly', async () => {
  const data = await mkdtemp(join(tmpdir(), 'concord-run-'))
  // As typed at a prompt: a make above this test would have its flags in the environment.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MAKE') && name !== 'MFLAGS'))
  const child = spawn('make', ['run', `ARGS=--listen 127.0.0.1:0 --data ${data}`], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const url = /^concord ready (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1]
  expect(line).toMatch(/^concord ready http/)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  expect(await (await fetch(`${url}/`)).text()).toContain('app.js')
  // Ctrl-C reaches the whole foreground group, make included.
  process.kill(-Number(child.pid), 'SIGINT')
  await exited
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  await rm(data, { recursive: true })
})
