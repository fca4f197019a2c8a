import { expect, test } from 'vitest'
import type { Plan } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import { catchBug } from './catch-bug.ts'
import { madeUpEvents, madeUpPlan, madeUpResult } from './testing/made-up-run.ts'

/** Seeds 5 and 9 have a crash, which the bug makes fatal; every cut is wrong without any bug. */
function planOf(seed: number, bugs: readonly string[]): Plan {
  const fault = seed === 5 || seed === 9 ? 'crash' : seed === 3 ? 'cut' : 'boundary'
  return madeUpPlan(madeUpEvents([{ kind: 'insert', actor: 'e/a', text: 'a', place: 0 }, { kind: fault, actor: 'e/a' }]), { seed, bugs })
}

async function run(plan: Plan): Promise<RunResult> {
  const isWrong = plan.events.some(({ kind }) => kind === 'cut' || (kind === 'crash' && plan.bugs.includes('bad')))
  return madeUpResult(plan, isWrong ? [{ checker: 'c', message: 'wrong', at: 7.25, seq: 1 }] : [])
}

test('the first seed that fails because of the bug, shrunk; a seed that fails without it is passed over', async () => {
  const caught = await catchBug('bad', { run, now: () => 0, seeds: 20, scenarios: [planOf] })
  expect(caught).toMatchObject({ bug: 'bad', seed: 5, seeds: 5, shrunk: { failure: 'c: wrong', after: { edits: 0, events: 1 }, plan: { bugs: ['bad'] } } })
})

test('seeds that are known to notice nothing are passed over', async () => {
  const options = { run, now: () => 0, seeds: 20, scenarios: [planOf] }
  expect(await catchBug('bad', { ...options, from: 5 })).toMatchObject({ seed: 5, seeds: 1 })
  expect(await catchBug('bad', { ...options, from: 6 })).toMatchObject({ seed: 9, seeds: 4 })
})

test('a bug that nothing notices is not caught', async () => {
  expect(await catchBug('harmless', { run, now: () => 0, seeds: 20, scenarios: [planOf] })).toBeUndefined()
})
