import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { madeUpResult } from '@concord/sim/report/testing/made-up-result'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Io } from '../../command/command.ts'
import { galleryVerb, type RunOne } from './gallery.ts'
import { runInProcess } from './run-in-process.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sim-gallery-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const passes: RunOne = async ({ json }) => void writeFileSync(json, JSON.stringify(madeUpResult()))
const fails: RunOne = async ({ json }) => void writeFileSync(json, JSON.stringify(madeUpResult({ splitBrain: true })))
const hangs: RunOne = async () => 'it did not end within 3 s'

interface Ran {
  readonly exit: number
  readonly text: string
  readonly index: string
}

async function ran(runOne: RunOne, ...positionals: string[]): Promise<Ran> {
  let shown = ''
  const io: Io = { json: false, env: {}, isTerminal: false, result: (_, text) => void (shown = text), progress: () => {} }
  const args = { positionals, flag: () => false, text: (name: string) => (name === 'out' ? folder : undefined), number: () => undefined }
  const exit = await galleryVerb(runOne).run(args, io)
  return { exit, text: shown, index: readFileSync(join(folder, 'index.html'), 'utf8') }
}

describe('concord sim gallery', () => {
  test('runs what is named, one after the other, and leads to each report', async () => {
    const asked: string[] = []
    const { exit, index } = await ran(async (job, ...rest) => (asked.push(job.source), passes(job, ...rest)), 'quick', 'split-brain')
    expect([exit, asked]).toEqual([0, ['quick', 'split-brain']])
    expect(index).toContain('2 scenarios: every promise was kept')
    expect(index).toContain('<a href="split-brain.html">The whole report</a>')
    expect(index).toContain('Two servers own one document at the same time')
    expect(index).toContain('npx concord sim run split-brain --seed 1</code>')
  })

  test.each<[string, RunOne, number, string]>([
    ['a broken promise fails all of it', fails, 1, 'quick did not pass'],
    ['a run without a result is unknown, not passed', hangs, 4, 'There is no result: It did not end within 3 s.'],
  ])('%s', async (_, runOne, exit, words) => {
    const result = await ran((job, ...rest) => (job.source === 'quick' ? runOne : passes)(job, ...rest), 'split-brain', 'quick')
    expect(result.exit).toBe(exit)
    expect(result.index).toContain(words)
  })

  test('an old result is not taken for one of this gallery', async () => {
    const old = join(folder, 'quick.json')
    writeFileSync(old, JSON.stringify(madeUpResult()))
    expect((await ran(async () => (existsSync(old) ? undefined : 'nothing was left'), 'quick')).exit).toBe(4)
  })

  test('what cannot run is said before anything runs', async () => {
    await expect(ran(passes, 'quick', 'redis-down')).rejects.toThrow('needs what is not built yet: live state')
    expect(existsSync(join(folder, 'quick.json'))).toBe(false)
  })
})

describe('a run in a process of its own', () => {
  const io: Io = { json: false, env: {}, isTerminal: false, result: () => {}, progress: () => {} }
  const job = (source: string, limitMs: number) => ({ source, seed: 1, changes: {}, page: join(folder, 'page.html'), json: join(folder, 'result.json'), limitMs })

  test('that takes too long is ended, and says so', async () => {
    expect(await runInProcess(job('swarm', 1), io, new AbortController().signal)).toBe('it did not end within 0.001 s, or was killed')
  })

  test('that cannot begin says why', async () => {
    expect(await runInProcess(job('swram', 60_000), io, new AbortController().signal)).toMatch(/exit code 2 and left no result: .*swram/)
  })
})
