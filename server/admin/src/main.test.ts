import { expect, test } from 'vitest'
import type { Io } from './command/command.ts'
import { run } from './main.ts'
import { VERBS } from './verbs.ts'

function recorder(json = false) {
  const out: string[] = []
  const err: string[] = []
  const io: Io = { json, env: {}, isTerminal: false, result: (value, text) => void out.push(json ? JSON.stringify(value) : text), progress: (text) => void err.push(text) }
  return { io, out, err }
}

test('help lists every verb', async () => {
  const { io, out } = recorder()
  expect(await run([], io)).toBe(0)
  for (const verb of VERBS.keys()) expect(out.join()).toContain(`  ${verb} `)
})

test('an unknown verb is a usage error with the one that was meant', async () => {
  const { io, err, out } = recorder()
  expect(await run(['verfy', 'notes'], io)).toBe(2)
  expect(err.join('\n')).toContain('did you mean verify?')
  expect(out).toEqual([])
})

test.each([...VERBS.keys()])('%s explains itself, refuses an unknown option and names the one that was meant', async (verb) => {
  const { io, out, err } = recorder()
  expect(await run([verb, '--help'], io)).toBe(0)
  expect(out.join()).toContain(`usage: concord ${verb}`)
  expect(await run([verb, '--jsno'], io)).toBe(2)
  expect(err.join('\n')).toContain('did you mean --json?')
})

test('a number must be a number', async () => {
  const { io, err } = recorder()
  expect(await run(['replay', 'small', '--clients', 'many'], io)).toBe(2)
  expect(err.join('\n')).toContain('--clients takes a number')
})
