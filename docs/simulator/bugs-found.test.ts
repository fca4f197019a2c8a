import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Regression } from '../../sim/src/shrink/regression.ts'

const REGRESSIONS = new URL('../../sim/regressions/', import.meta.url)
const rows = readFileSync(new URL('./bugs-found.md', import.meta.url), 'utf8').split('\n').filter((line) => /^\| (?!what was wrong|---)/.test(line)).map((line) => line.split(/ ?\| ?/).slice(1, -1))

/** What stands in backticks at the begin of the column of plans. */
function planOf(row: readonly string[]): string | undefined {
  return /^`([a-z0-9-]+)`/.exec(row[4] ?? '')?.[1]
}

const named = new Set(rows.map(planOf).filter((name) => name !== undefined))

test('every plan that is kept for a bug is listed, and every plan that is listed is there', () => {
  const kept = readdirSync(REGRESSIONS).filter((file) => file.endsWith('.json') && !file.startsWith('planted-')).map((file) => file.replace(/\.json$/, ''))
  expect([...named].toSorted()).toEqual(kept.toSorted())
})

test('every row says everything, and why where there is no plan', () => {
  expect(rows.filter((row) => row.length !== 6)).toEqual([])
  expect(rows.filter((row) => planOf(row) === undefined && !/^no plan: `[^`]+\.test\.ts`/.test(row[4]!))).toEqual([])
})

test('what the checkers said is what some row of each plan says', () => {
  for (const name of named) {
    const { found } = JSON.parse(readFileSync(new URL(`${name}.json`, REGRESSIONS), 'utf8')) as Regression
    expect(rows.filter((row) => planOf(row) === name).map((row) => row[2]), name).toContain(found.failure)
  }
})
