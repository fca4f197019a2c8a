import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BUGS } from '../../sim/src/bugs/bugs.ts'
import { plantedBugsPage, type PlantedBugRow } from './planted-bugs.ts'

const page = readFileSync(new URL('./planted-bugs.md', import.meta.url), 'utf8')
const rows = page.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1))

test('every planted bug has its row', () => {
  expect(rows.map(([bug]) => bug)).toEqual([...BUGS.keys()].map((bug) => `\`${bug}\``))
})

test('each is caught within 1,000 seeds and shrunk to at most 6 operations', () => {
  const bad = rows.filter(([, , seed, , left]) => !(Number(seed) >= 1 && Number(seed) <= 1_000 && Number.parseInt(left ?? '', 10) <= 6))
  expect(bad).toEqual([])
})

test('a bug without a row is named', () => {
  const row: PlantedBugRow = { bug: 'r1-slot', caught: true, seed: 1, failure: 'a: b', before: { edits: 9 }, after: { edits: 1, faults: 0, actors: 1 }, runs: 3, ended: 'minimal' }
  expect(() => plantedBugsPage([row], { date: '2026-01-01', commit: 'abc', node: '26' })).toThrow('no row for "r3-resubmit"')
})
