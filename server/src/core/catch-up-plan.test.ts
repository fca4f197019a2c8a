import { expect, test } from 'vitest'
import { type CatchUpFacts, planCatchUp } from './catch-up-plan.ts'
import { resolveLimits } from './limits.ts'
import { RULES } from './rules.ts'

const FACTS: CatchUpFacts = { head: 100, isAncestor: true, ownLastVersion: 0, changeBytes: 1_000, length: 10_000 }

function plan(open: { version?: number; snapshot?: boolean; lastSeq?: number }, facts: Partial<CatchUpFacts> = {}) {
  return planCatchUp({ version: 0, snapshot: false, lastSeq: 0, ...open }, { ...FACTS, ...facts }, RULES, resolveLimits('default', { composeFrom: 32 }))
}

test.each<[string, Parameters<typeof plan>, ReturnType<typeof plan>]>([
  ['far behind: one group', [{ version: 10 }], { resume: 'changes', from: 10, stepwiseUntil: 10, composedUntil: 100 }],
  ['a little behind: one at a time', [{ version: 90 }], { resume: 'changes', from: 90, stepwiseUntil: 90, composedUntil: 90 }],
  ['R4 grouping: own commit on the way', [{ version: 10 }, { ownLastVersion: 50 }], { resume: 'changes', from: 10, stepwiseUntil: 50, composedUntil: 100 }],
  ['R4 grouping: own commit near the head', [{ version: 10 }, { ownLastVersion: 90 }], { resume: 'changes', from: 10, stepwiseUntil: 90, composedUntil: 90 }],
  ['own commit known', [{ version: 60 }, { ownLastVersion: 50 }], { resume: 'changes', from: 60, stepwiseUntil: 60, composedUntil: 100 }],
  ['in step', [{ version: 100 }, { changeBytes: 0 }], { resume: 'changes', from: 100, stepwiseUntil: 100, composedUntil: 100 }],
  ['in step with an empty document', [{ version: 100 }, { changeBytes: 0, length: 0 }], { resume: 'changes', from: 100, stepwiseUntil: 100, composedUntil: 100 }],
  ['R6 content cheaper', [{}, { changeBytes: 20_000 }], { resume: 'snapshot', forked: false }],
  ['R6 content cheaper, but the client has edited', [{ lastSeq: 3 }, { changeBytes: 20_000 }], { resume: 'changes', from: 0, stepwiseUntil: 0, composedUntil: 100 }],
  ['R6 content much cheaper', [{ lastSeq: 3 }, { changeBytes: 200_000 }], { resume: 'snapshot', forked: false }],
  ['R6 out of memory: estimated', [{}, { changeBytes: undefined, head: 10_000 }], { resume: 'snapshot', forked: false }],
  ['R6 asked for', [{ version: 100, snapshot: true }], { resume: 'snapshot', forked: false }],
  ['R15 another history', [{ version: 90 }, { isAncestor: false }], { resume: 'snapshot', forked: true }],
])('%s', (_, [open, facts], expected) => {
  expect(plan(open, facts)).toEqual(expected)
})
