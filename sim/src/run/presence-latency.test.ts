import { expect, test } from 'vitest'
import { expand } from '../scenario/expand/expand.ts'
import { parseScenario } from '../scenario/file/parse-scenario.ts'
import { runPlan } from './run-plan.ts'

const SCENARIO = `
name: carets
title: Three people who move their carets
about: For tests.
duration: 10s
topology: { storage: 3ms }
documents: { notes: { size: 1 KB } }
actors:
  editors: { count: 3, document: notes, link: office, does: { rate: 30/min, presence: 1/s } }
`

test('how long carets take to be seen is measured, once for each who sees one', async () => {
  const plan = expand(parseScenario(SCENARIO, 'carets.yaml'), 1)
  const moved = plan.events.filter(({ kind }) => kind === 'presence').length
  const { verdict, overall } = await runPlan(plan)
  expect(verdict).toBe('pass')
  const { samples, most } = overall!.presence!
  // Two see each; those of one moment, and of before somebody had joined, are seen as one.
  expect(samples).toBeLessThanOrEqual(2 * moved)
  expect(samples).toBeGreaterThan(moved)
  expect(most).toBeGreaterThan(0)
})
