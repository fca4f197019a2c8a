import { expect, test } from 'vitest'
import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { madeUpEvents, madeUpPlan, madeUpResult } from './testing/made-up-run.ts'
import { checkRegression, regressionOf } from './regression.ts'
import { shrink } from './shrink.ts'

const build = { commit: 'abc1234', node: '26.0.0' }
const plan = madeUpPlan(madeUpEvents([{ kind: 'insert', actor: 'e/a', text: 'ab', place: 0 }, { kind: 'cut', actor: 'e/a' }]))

function failing(when: (plan: Plan) => boolean) {
  return async (plan: Plan): Promise<RunResult> => madeUpResult(plan, when(plan) ? [{ checker: 'once', message: 'edit 17 twice', at: 7.25, seq: 3 }] : [])
}

async function kept(plan: Plan, run: (plan: Plan) => Promise<RunResult>) {
  return regressionOf('twice', (await shrink(plan, await run(plan), { run, now: () => 0 }))!, build)
}

test('a regression is the shrunk plan with its story; it fails while the bug is there and passes once it is fixed', async () => {
  const buggy = failing(({ events }) => events.some(({ kind }) => kind === 'cut'))
  const regression = await kept(plan, buggy)
  expect(regression).toMatchObject({ name: 'twice', found: { scenario: 'made-up', seed: 7, commit: 'abc1234', failure: 'once: edit # twice' }, plan: { bugs: [] }, bugs: [] })
  expect(regression.story).toEqual(['made-up, seed 7, level message', 'n1', 'e-a (editor) at notes', 'network good: perfect', '0 ms  e-a loses the connection', '1 ms  faults end, the world heals', 'then: edit 17 twice'])
  expect(await checkRegression(regression, buggy)).toEqual(['it is back: once: edit # twice'])
  expect(await checkRegression(regression, failing(() => false))).toEqual([])
})

test('a regression of a planted bug keeps its name, and its plan must pass without it', async () => {
  const planted = failing(({ bugs }) => bugs.includes('dedupe off'))
  const regression = await kept({ ...plan, bugs: ['dedupe off'] }, planted)
  expect(regression).toMatchObject({ bugs: ['dedupe off'], plan: { bugs: [] } })
  expect(await checkRegression(regression, planted)).toEqual([])
  expect(await checkRegression(regression, failing(() => true))).toEqual(['it is back: once: edit # twice'])
})
