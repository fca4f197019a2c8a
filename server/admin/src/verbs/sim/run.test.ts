import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plan } from '@concord/sim/plan/plan'
import type { RunResult } from '@concord/sim/run/run-result'
import type { Regression } from '@concord/sim/shrink/regression'
import { madeUpEvents, madeUpPlan, madeUpResult } from '@concord/sim/shrink/testing/made-up-run'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { concord } from '../../../test/in-process.ts'
import type { Command, Io } from '../../command/command.ts'
import { parseArguments } from '../../command/parse-arguments.ts'
import { replayVerb } from './replay.ts'
import { runVerb } from './run.ts'
import { shrinkVerb } from './shrink.ts'
import type { RunPlan } from './watched-run.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sim-run-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const plan = madeUpPlan(madeUpEvents([{ kind: 'join', actor: 'e/a' }, { kind: 'insert', actor: 'e/a', text: 'ab', place: 0.4 }, { kind: 'cut', actor: 'e/a' }]))

function planFile(name: string, more: object = {}): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify({ plan, ...more }))
  return path
}

async function ran(command: Command, ...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []]
  let value: unknown
  const io: Io = { json: argv.includes('--json'), env: {}, isTerminal: false, result: (given, text) => ((value = given), void out.push(text)), progress: (text) => void err.push(text) }
  return { exit: await command.run(parseArguments(argv, command.options), io), out: out.join('\n'), err, value: value as RunResult }
}

const giving = (change: Partial<RunResult>, violations: RunResult['violations'] = []): RunPlan => async (given) => madeUpResult(given, violations, change)
const cutIsWrong: RunPlan = async (given) => madeUpResult(given, given.events.some(({ kind }) => kind === 'cut') ? [{ checker: 'once', message: 'edit 3 twice', at: 14.5, seq: 9 }] : [])

describe('concord sim run', () => {
  test.each([['pass', 0], ['fail', 1], ['unknown', 4], ['crashed', 5]] as const)('verdict %s is exit code %i', async (verdict, exit) => {
    expect((await ran(runVerb(giving({ verdict })), planFile('plan.json'))).exit).toBe(exit)
  })

  test('a plan that the simulator cannot even begin with is a crash with its reason, no failure', async () => {
    const refusing: RunPlan = () => Promise.reject(new RangeError('no such level'))
    await expect(ran(runVerb(refusing), planFile('plan.json'))).rejects.toMatchObject({ exit: 5, message: expect.stringContaining('no such level') })
  })

  test('the line that repeats the run comes first and last, with commit, Node and level', async () => {
    const { out, err } = await ran(runVerb(giving({})), 'quick', '--seed', '5', '--level', 'bytes', '--bug', 'dedupe-off')
    const line = /^npx concord sim run quick --seed 5 --level bytes --bug dedupe-off {3}\(commit \S+, Node \d+\.\d+\.\d+, level bytes\)$/
    expect(err[0]).toMatch(line)
    expect(out.split('\n').at(-1)).toMatch(line)
  })

  test.each([
    [[], /^npx concord sim replay \S+plan\.json {3}\(commit/],
    [['--level', 'bytes', '--bug', 'dedupe-off'], /^npx concord sim run \S+plan\.json --level bytes --bug dedupe-off {3}\(commit/],
  ])('a plan file is repeated as it was run: %j', async (changes, line) => {
    expect((await ran(runVerb(giving({})), planFile('plan.json'), ...changes)).err[0]).toMatch(line)
  })

  test('with --json the result is all of stdout', async () => {
    const { value, err } = await ran(runVerb(giving({})), 'quick', '--json')
    expect(value).toMatchObject({ format: 1, verdict: 'pass', plan: { scenario: 'quick', seed: 1 } })
    expect(err.at(-1)).toBe(err[0])
  })

  test('a failure shows what was violated and how to make it small', async () => {
    const { out } = await ran(runVerb(cutIsWrong), planFile('plan.json'))
    expect(out).toMatch(/^FAIL: made-up, seed 7: edit 3 twice\n {2}at 0\.015 s {2}once: edit 3 twice/)
    expect(out).toContain(`make it small: npx concord sim shrink ${join(folder, 'plan.json')}`)
  })

  test('plan, result and report go into files, and the plan runs again to the same hash', async () => {
    const [planOut, result, report] = ['deep/plan.json', 'result.json', 'report.html'].map((name) => join(folder, name)) as [string, string, string]
    await ran(runVerb(giving({})), planFile('plan.json'), '--plan-out', planOut, '--result', result, '--report', report)
    expect((JSON.parse(readFileSync(result, 'utf8')) as RunResult).verdict).toBe('pass')
    expect(readFileSync(report, 'utf8')).toContain('<!doctype html>')
    expect(await ran(replayVerb(giving({})), planOut)).toMatchObject({ exit: 0, out: expect.stringContaining('the same run, byte for byte') })
    expect(await concord({}, 'sim', 'report', result, '-o', join(folder, 'again.html'))).toMatchObject({ exit: 0 })
    expect(existsSync(join(folder, 'again.html'))).toBe(true)
  })
})

describe('concord sim replay', () => {
  const build = { commit: 'abc', node: '26.0.0' }
  const replay = replayVerb(giving({ hash: '1111' }), () => build)

  test.each([
    ['the same hash', { hash: '1111', ...build }, 0, 'byte for byte'],
    ['another hash of the same build', { hash: '2222', ...build }, 1, 'THE HASH IS NOT THE ONE IN THE FILE'],
    ['another hash of another commit', { hash: '2222', ...build, commit: 'abd' }, 0, 'another commit or Node'],
    ['no hash', {}, 0, 'no hash to compare with'],
  ])('%s', async (_, recorded, exit, words) => {
    expect(await ran(replay, planFile('recorded.json', recorded))).toMatchObject({ exit, out: expect.stringContaining(words) })
  })

  test('the hash of a run with changed files says nothing', async () => {
    const changed = { commit: 'abc+', node: '26.0.0' }
    expect(await ran(replayVerb(giving({ hash: '1111' }), () => changed), planFile('changed.json', { hash: '2222', ...changed }))).toMatchObject({ exit: 0 })
  })
})

describe('concord sim shrink', () => {
  test('writes the small plan, its story and a regression', async () => {
    const out = join(folder, 'small.json')
    const shrink = shrinkVerb(cutIsWrong, `${folder}/regressions/`)
    const report = join(folder, 'small.html')
    const shrunk = await ran(shrink, planFile('plan.json'), '--out', out, '--keep', 'cut-twice', '--report', report)
    expect(shrunk.exit).toBe(0)
    expect(shrunk.out).toMatch(/once: edit # twice\n {2}1 edit, 1 fault, 1 actor -> 0 edits, 1 fault, 1 actor in \d+ runs\n/)
    expect(shrunk.out).toContain('0 ms  e-a loses the connection')
    expect((JSON.parse(readFileSync(out, 'utf8')) as { plan: Plan }).plan.events.map(({ kind }) => kind)).toEqual(['cut'])
    expect(JSON.parse(readFileSync(join(folder, 'regressions/cut-twice.json'), 'utf8')) as Regression).toMatchObject({ name: 'cut-twice', found: { failure: 'once: edit # twice' }, bugs: [] })
    expect(readFileSync(report, 'utf8')).toContain('The smallest story')
    expect(await ran(replayVerb(cutIsWrong), out)).toMatchObject({ exit: 1, out: expect.stringContaining('byte for byte') })
  })

  test('what ended the search is said', async () => {
    expect((await ran(shrinkVerb(cutIsWrong), planFile('plan.json'), '--out', join(folder, 's.json'), '--runs', '2')).out).toContain('in 2 runs, when the runs were used up (--runs)')
  })

  test('a plan that passes is no failure to shrink', async () => {
    await expect(ran(shrinkVerb(giving({})), planFile('plan.json'))).rejects.toThrow('passes, seed 7: there is nothing to shrink')
  })
})

test('a real run: equal hashes twice, and a planted bug fails it', async () => {
  const [one, two] = [await concord({}, 'sim', 'run', 'quick', '--seed', '3'), await concord({}, 'sim', 'run', 'quick', '--seed', '3')]
  expect(one).toMatchObject({ exit: 0, value: { hash: (two.value as RunResult).hash } })
  const exits: number[] = []
  for (let seed = 1; seed <= 30 && !exits.includes(1); seed += 1) exits.push((await concord({}, 'sim', 'run', 'quick', '--seed', String(seed), '--bug', 'transform-dropped')).exit)
  expect(exits).toContain(1)
})
