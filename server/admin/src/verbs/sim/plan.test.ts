import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { concord } from '../../../test/in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'concord-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a preset becomes a plan, with a page beside it', async () => {
  const report = join(folder, 'plan.html')
  const { exit, text, value } = await concord({}, 'plan', '004', '--report', report)
  expect(exit).toBe(0)
  for (const part of ['machines', 'cost a month', 'the knee', 'what breaks first', 'what if', 'assumptions', 'assumed, not measured']) expect(text).toContain(part)
  expect(value).toMatchObject({ format: 1, input: { users: { sessions: 10_000 } } })
  expect(readFileSync(report, 'utf8')).toContain('<h1>004, 10,000 users on four servers</h1>')
})

test('the file of a preset, edited, is a plan', async () => {
  const { text } = await concord({}, 'plan', '004', '--preset')
  const file = join(folder, 'mine.yaml')
  writeFileSync(file, text.replace(/sessions: \d+/, 'sessions: 20000'))
  expect((await concord({}, 'plan', file)).value).toMatchObject({ input: { users: { sessions: 20_000 } } })
})

test('a replay of the fleet says its hash and how to repeat it', async () => {
  const [first, second] = [await concord({}, 'plan', '--replay', 'herd', '--clients', '2000', '--seed', '7'), await concord({}, 'plan', '--replay', 'herd', '--clients', '2000', '--seed', '7')]
  expect(first).toMatchObject({ exit: 0, value: { back: 2_000, neverBack: 0 } })
  expect(second.value).toMatchObject({ hash: (first.value as { hash: string }).hash })
  expect(first.text).toContain('repeat: npx concord plan --replay herd --seed 7 --clients 2000')
})

test.each([
  [['plan'], /name a preset \(000, 001/],
  [['plan', 'nowhere.yaml'], /nowhere\.yaml cannot be read/],
  [['plan', '001', '002'], /one plan at a time/],
  [['plan', 'mine.yaml', '--preset'], /is no preset/],
  [['plan', '--replay', 'flood'], /flood is no replay: herd,/],
  [['plan', '--replay', 'herd', '--clients', '0'], /--clients is a whole number from 1/],
  [['plan', '001', '--calibration', 'package.json'], /package\.json is no calibration; make one with/],
  [['sim', 'calibrate', 'now'], /takes options only/],
])('%j is an error of usage that says what to do', async (argv, message) => {
  const { exit, errors } = await concord({}, ...argv)
  expect(exit).toBe(2)
  expect(errors).toMatch(message)
})

test('a file that is wrong is refused with its place', async () => {
  const file = join(folder, 'wrong.yaml')
  writeFileSync(file, 'title: wrong\nusers: { total: 1, daily: 1, sessions: some }\ndocuments: { total: 1, open: 1 }\nrates: { operations: 1 }\n')
  expect(await concord({}, 'plan', file)).toMatchObject({ exit: 2, errors: expect.stringMatching(/wrong\.yaml:2:40: users\.sessions /) as string })
})
