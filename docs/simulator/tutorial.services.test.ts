import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSnippets } from '../readme/snippets.ts'

const snippets = readSnippets(readFileSync(new URL('./tutorial.md', import.meta.url), 'utf8'))
const snippet = (name: string): string => snippets.find(({ scenario }) => scenario === name)!.code
const bin = fileURLToPath(new URL('../../server/admin/bin/concord.js', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-tutorial-'))
  await writeFile(join(folder, 'class.yaml'), snippet('scenario'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The commands of a snippet, one after the other, as a reader types them. */
async function reader(name: string): Promise<{ readonly exits: readonly number[]; readonly out: string }> {
  const results = []
  for (const line of snippet(name).trim().split('\n')) {
    const argv = line.split(' ').slice(2)
    results.push(
      await new Promise<{ exit: number; out: string }>((resolve) => {
        const child = execFile(process.execPath, ['--conditions=source', bin, ...argv], { cwd: folder }, (_, out, err) => resolve({ exit: child.exitCode ?? -1, out: out + err }))
      }),
    )
  }
  return { exits: results.map(({ exit }) => exit), out: results.map(({ out }) => out).join('\n') }
}

describe('the tutorial, as it stands', () => {
  test('the scenarios are listed', async () => {
    expect(await reader('list')).toEqual({ exits: [0], out: expect.stringContaining('typing-storm') })
  })

  test('the first run fails by its service level and writes a report', async () => {
    const { exits, out } = await reader('fails')
    expect(exits).toEqual([1])
    expect(out).toMatch(/ack p95 +\d+\.\d ms of \d+, at most 2000 ms: MISSED/)
    expect(await readFile(join(folder, 'class.html'), 'utf8')).toContain('<html')
  })

  test('its plan is the same run again', async () => {
    expect(await reader('replays')).toEqual({ exits: [1], out: expect.stringContaining(snippet('replayed').trim()) })
  })

  test('without the limit it passes, other seeds too', async () => {
    await writeFile(join(folder, 'class.yaml'), snippet('scenario').replace(snippet('removed'), ''))
    const { exits, out } = await reader('passes')
    expect(exits, out).toEqual([0, 0])
  })

  test('a planted bug breaks a promise, and shrinks to two edits', async () => {
    expect((await reader('bug')).exits).toEqual([1])
    const { out } = await reader('shrink')
    expect(out).toMatch(/-> [1-4] edits, 0 faults, 2 actors/)
  })

  test('what is left fails again and becomes a page', async () => {
    expect((await reader('small')).exits).toEqual([1, 0])
    expect(await readFile(join(folder, 'small.html'), 'utf8')).toContain('<html')
  })
})
