import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scenarioReference } from './scenario-reference.ts'

test('docs/simulator/scenario-reference.md is current: `make generate` writes it', () => {
  expect(readFileSync(new URL('./scenario-reference.md', import.meta.url), 'utf8')).toBe(scenarioReference())
})

test('every key of the reference says what it means', () => {
  const rows = scenarioReference().split('\n').filter((line) => /^\| `[\w-]+` \| /.test(line))
  expect(rows.length).toBeGreaterThan(80)
  expect(rows.filter((row) => /\| *\|$/.test(row) && row.split('|').length > 5)).toEqual([])
})
