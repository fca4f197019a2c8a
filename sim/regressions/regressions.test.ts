import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runPlan } from '../src/run/run-plan.ts'
import { parsePlan } from '../src/scenario/file/parse-plan.ts'
import { checkRegression, type Regression } from '../src/shrink/regression.ts'

/** One file per bug that was found; `concord sim shrink ... --keep NAME` writes them. */
const FILES = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.json'))

test.each(FILES)('%s: the bug is gone', async (file) => {
  const regression = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Regression
  expect(`${regression.name}.json`).toBe(file)
  expect(regression.story.length).toBeGreaterThan(0)
  parsePlan(JSON.stringify(regression.plan), file)
  const wrong = await checkRegression(regression, runPlan)
  expect(wrong, [...regression.story, `again: npx concord sim replay sim/regressions/${file}`].join('\n')).toEqual([])
})
