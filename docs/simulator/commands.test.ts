import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { EXIT } from '../../server/admin/src/command/exit.ts'
import { sim } from '../../server/admin/src/verbs/sim/sim.ts'

const page = readFileSync(new URL('commands.md', import.meta.url), 'utf8')

test('every verb stands in the table', () => {
  const listed = [...page.matchAll(/^\| `concord sim (\w+)/gm)].map(([, verb]) => verb)
  expect(listed.toSorted()).toEqual([...sim.verbs.keys()].toSorted())
})

test('every exit code stands in the table, and no other', () => {
  const listed = [...page.matchAll(/^\| (\d) \| `(\w+)` \|/gm)].map(([, code, name]) => [name, Number(code)])
  expect(Object.fromEntries(listed)).toEqual(EXIT)
})
