import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CampaignState } from '@concord/sim/campaign/campaign-state'
import { afterAll, beforeAll, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../../../bin/concord.js', import.meta.url))
let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sim-campaign-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const ARGV = ['--conditions=source', bin, 'sim', 'campaign']

function concord(...argv: string[]): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...ARGV, ...argv], (_, out, err) => resolve({ exit: child.exitCode ?? -1, out, err }))
  })
}

function summary(name: string): CampaignState {
  return JSON.parse(readFileSync(join(folder, name, 'summary.json'), 'utf8')) as CampaignState
}

test('a clean campaign ends with 0 and says what it ran', async () => {
  const { exit, out } = await concord('quick', '--seeds', '12', '--jobs', '2', '--out', join(folder, 'clean'))
  expect([exit, out]).toEqual([0, expect.stringMatching(/^PASS: quick, seeds 1 to 12: 0 failed\n {2}seeds +12 in /)])
  expect(summary('clean')).toMatchObject({ ended: 'complete', totals: { seeds: 12 }, done: { quick: { next: 13, ahead: [] } } })
  expect(summary('clean').totals.repeated).toBeGreaterThan(0)
})

test('a planted bug ends it with 1; the failure is named at once, kept, and repeated by the line that it prints', async () => {
  const { exit, out, err } = await concord('quick', '--seeds', '200', '--jobs', '2', '--bug', 'transform-dropped', '--stop-after', '1', '--out', join(folder, 'failed'))
  expect(exit).toBe(1)
  const [finding] = summary('failed').findings
  const line = `npx concord sim run quick --seed ${finding!.seed} --bug transform-dropped`
  expect(out).toContain(line)
  expect(err).toContain(line)
  expect(readdirSync(join(folder, 'failed'))).toContain(finding!.file)
})

test('a seed that takes too long is unknown, and the exit code says so', async () => {
  const { exit, out } = await concord('quick', '--seeds', '1', '--jobs', '1', '--limit', '0.01', '--out', join(folder, 'slow'))
  expect([exit, out]).toEqual([4, expect.stringMatching(/^UNKNOWN: quick.*\n {2}UNKNOWN quick seed 1: the seed did not end within 10 ms/)])
})

test('a condition that is required and was never seen fails it', async () => {
  const { exit, out } = await concord('quick', '--seeds', '1', '--require', 'attack answered', '--out', join(folder, 'unseen'))
  expect([exit, out]).toEqual([1, expect.stringContaining('REQUIRED AND NEVER SEEN: attack answered')])
})

/** A process that runs until something holds and is then told to end. */
async function until(holds: () => boolean, signal: 'SIGINT' | 'SIGTERM', ...argv: string[]): Promise<{ readonly exit: number | null; readonly err: string }> {
  const child = spawn(process.execPath, [...ARGV, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] })
  let err = ''
  child.stderr.on('data', (data: Buffer) => void (err += data.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  while (!holds() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 100))
  child.kill(signal)
  return { exit: await ended, err }
}

test('an interrupted campaign ends with 4, keeps what it has and goes on where it was', async () => {
  const out = join(folder, 'cut')
  // The state is saved for the first time after some seconds.
  const cut = await until(() => existsSync(join(out, 'summary.json')), 'SIGINT', 'quick', '--seeds', '100000', '--jobs', '1', '--out', out)
  const { ended, done, totals } = summary('cut')
  expect([cut.exit, ended]).toEqual([4, 'interrupted'])
  expect(totals.seeds).toBeGreaterThan(0)
  const resumed = await until(() => summary('cut').done['quick']!.next > done['quick']!.next, 'SIGTERM', '--resume', out, '--jobs', '1')
  expect(resumed).toMatchObject({ exit: 4 })
  expect(summary('cut').totals.seeds).toBeGreaterThan(totals.seeds)
})
