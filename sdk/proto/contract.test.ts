import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const PATH = `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`

let copy: string

/** Output of buf in `folder`, or what it complained about. */
async function buf(folder: string, ...args: string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  try {
    const { stdout } = await promisify(execFile)('buf', args, { cwd: folder, env: { ...process.env, PATH } })
    return { ok: true, output: stdout }
  } catch (error) {
    return { ok: false, output: String((error as { stdout?: string }).stdout) + String((error as { stderr?: string }).stderr) }
  }
}

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'concord-contract-'))
  for (const name of ['proto', 'buf.yaml', 'buf.gen.yaml']) await cp(join(root, name), join(copy, name), { recursive: true })
})

afterAll(() => rm(copy, { recursive: true }))

/** Edits one proto of the copy, runs buf breaking, and takes the edit back. */
async function breakingAfter(file: string, from: string | RegExp, to: string) {
  const path = join(copy, 'proto/concord/v1', file)
  const before = await readFile(path, 'utf8')
  const after = before.replace(from, to)
  expect(after).not.toBe(before)
  await writeFile(path, after)
  try {
    return await buf(copy, 'breaking', '--against', 'proto/baseline.binpb')
  } finally {
    await writeFile(path, before)
  }
}

describe('P8 the contract may grow and never break', () => {
  test('as it stands it breaks nothing', async () => {
    expect(await buf(copy, 'breaking', '--against', 'proto/baseline.binpb')).toEqual({ ok: true, output: '' })
  })

  test.each([
    ['a field changes its number', 'sync.proto', 'int64 seq = 3;', 'int64 seq = 33;', 'seq'],
    ['a field changes its type', 'sync.proto', 'fixed64 session = 1;', 'string session = 1;', 'type'],
    ['a field is removed', 'operation.proto', /  \/\/ All inserted text.*\n  string text = 3;\n/, '', 'deleted'],
    ['a call is renamed', 'document.proto', /GetDocument\(/, 'ReadDocument(', 'GetDocument'],
    ['a reason is renamed', 'error.proto', 'REASON_DIVERGED', 'REASON_APART', 'REASON_DIVERGED'],
  ])('refused: %s', async (_, file, from, to, complaint) => {
    const { ok, output } = await breakingAfter(file, from, to)
    expect(ok).toBe(false)
    expect(output).toContain(complaint)
  })

  test('a new field is no break', async () => {
    const { ok, output } = await breakingAfter('history.proto', '  uint32 format = 5;', '  uint32 format = 5;\n  // More.\n  bool more = 6;')
    expect(output).toBe('')
    expect(ok).toBe(true)
  })
})

test('lint refuses a call without prose', async () => {
  expect(await buf(copy, 'lint')).toEqual({ ok: true, output: '' })
  const path = join(copy, 'proto/concord/v1/admin.proto')
  const before = await readFile(path, 'utf8')
  await writeFile(path, before.replace(/(  \/\/.*\n)+(?=  rpc GetSnapshot)/, ''))
  const { ok, output } = await buf(copy, 'lint')
  await writeFile(path, before)
  expect(ok).toBe(false)
  expect(output).toContain('GetSnapshot')
})

test('generated code is current: `make generate` leaves no diff', async () => {
  expect(await buf(copy, 'generate')).toEqual({ ok: true, output: '' })
  for (const folder of ['sdk/proto/src/gen', 'sdk/service/src/gen']) {
    expect(await contents(join(root, folder)), folder).toEqual(await contents(join(copy, folder)))
  }
})

async function contents(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path.slice(folder.length), await readFile(path, 'utf8')] as const)))
}
