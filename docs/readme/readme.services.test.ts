import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../server/admin/src/replay/with-server.ts'
import { readSnippets } from './snippets.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const snippets = readSnippets(readFileSync(`${root}README.md`, 'utf8'))
const codeOf = (scenario: string): string => snippets.filter((snippet) => snippet.scenario === scenario).map(({ code }) => code).join('\n')

let folder: string
let server: RunningServer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-readme-'))
  server = await startServer(['--data', join(folder, 'data')])
})

afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

/** Runs a program as a reader of the README would, against the server of this test. */
async function run(program: string, args: string[]): Promise<string> {
  const PATH = `${root}node_modules/.bin:${root}.tools:${process.env['PATH'] ?? ''}`
  const { stdout } = await promisify(execFile)(program, args, { cwd: root, env: { ...process.env, PATH, CONCORD_URL: server.url }, timeout: 120_000 })
  return stdout
}

const here = (code: string): string => code.replaceAll('127.0.0.1:7420', new URL(server.url).host)

describe('P4 plain tools take part: the snippets for a shell, as they stand in the README', () => {
  let output: string
  let watched: string

  beforeAll(async () => {
    const script = join(folder, 'snippets.sh')
    await writeFile(script, `set -euo pipefail\n${here(codeOf('shell')).replaceAll('watched.', `${folder}/watched.`)}\nkill %1; wait || true\n`)
    output = await run('bash', [script])
    watched = await readFile(join(folder, 'watched.json'), 'utf8')
  })

  test('grpcurl creates, by reflection', () => {
    expect(output).toContain('"name": "documents/notes"')
  })

  test('grpcurl edits and the ack names version and durability', () => {
    expect(output).toMatch(/"ack": \{\s+"seq": "1",\s+"version": "1"[\s\S]*"durability": "DURABILITY_LOCAL"/)
  })

  test('grpcurl watches: opened, then the edits as they are committed', () => {
    expect(watched).toMatch(/"opened"[\s\S]*"change"[\s\S]*"Hello"[\s\S]*"change"[\s\S]*", world"/)
  })

  test('curl edits, reads and lists', () => {
    expect(output).toContain('"ack":{"seq":"2","version":"2"')
    expect(output).toContain('"text":"Hello, world"')
    expect(output).toMatch(/"operations":\[\{"change":\{"version":"1"/)
  })

  test('curl watches', () => {
    expect(output).toMatch(/"opened":\{[^\n]*"head":"2"/)
  })

  test('concord verify finds the log sound', () => {
    expect(output).toContain('documents/notes: sound. 2 versions, 12 units')
  })
})

test('the ten lines run in Node', async () => {
  expect(await run('node', ['--conditions=source', '--input-type=module', '-e', here(codeOf('sdk'))])).toMatch(/^Hello, world [1-9]/)
  const { stdout } = await promisify(execFile)('node', [join(root, 'server/admin/bin/concord.js'), 'verify', 'hello', '--user', 'ada'], {
    env: { ...process.env, PATH: `${root}node_modules/.bin:${process.env['PATH'] ?? ''}`, NODE_OPTIONS: '--conditions=source', CONCORD_URL: server.url },
  })
  expect(stdout).toContain('documents/hello: sound.')
})

describe('the simulator: the commands of "Break it", as they stand in the README', () => {
  const lines = codeOf('sim').split('\n').map((line) => line.replace(/ +#.*/, '')).filter((line) => line !== '')

  test.each(lines.filter((line) => !line.startsWith('make ')))('%s', async (line) => {
    const command = line.replace('split-brain.html', join(folder, 'split-brain.html'))
    const { code, output } = await exitOf(command)
    // A planted bug is there to be noticed: exit 1 says that a check failed.
    expect(code, output).toBe(line.includes('--bug') ? 1 : 0)
    expect(output).toMatch(line.includes('--bug') ? /FAIL: swarm, seed 1: ack is durable/ : /PASS|typing-storm/)
  })

  test('a campaign', async () => {
    const [line = ''] = lines.filter((command) => command.startsWith('make '))
    const { code, output } = await exitOf(`${line.replace('SEEDS=1000', 'SEEDS=20')} ARGS="--out ${join(folder, 'campaign')}"`)
    expect(code, output).toBe(0)
    expect(output).toMatch(/PASS: swarm, seeds 1 to 20: 0 failed/)
  })
})

/** What a command of the README prints on both streams, and its exit code. */
async function exitOf(command: string): Promise<{ readonly code: number; readonly output: string }> {
  const script = join(folder, 'command.sh')
  await writeFile(script, `set -u\n${command} 2>&1\necho "exit $?"\n`)
  const output = await run('bash', [script])
  return { code: Number(/exit (\d+)\s*$/.exec(output)?.[1]), output }
}
