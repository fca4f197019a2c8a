import { expect, test } from 'vitest'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { handsInWords } from './hands.ts'
import { madeUpPlan } from '../testing/made-up-result.ts'

const plan = madeUpPlan({})

/** `perSecond(s)` edits in each second. */
function typing(perSecond: (second: number) => number): PlanEvent[] {
  return Array.from({ length: plan.endMs / 1_000 }, (_, second) =>
    Array.from({ length: perSecond(second) }, (__, index): PlanEvent => ({ id: `e${second}-${index}`, at: second * 1_000 + index, kind: 'insert', actor: 'editors/0', text: 'x' }))).flat()
}

test('hands: a storm is told with its time and its rate', () => {
  const words = handsInWords({ ...plan, events: typing((second) => (second >= 20 && second < 30 ? 200 : 20)) })
  expect(words).toBe('The plan holds 2,600 events: 2,600 × insert. From 20.0 s to 30.0 s they make about 200 edits a second, elsewhere about 20.')
})

test('hands: people who type evenly, or hardly, make no storm', () => {
  for (const rate of [20, 1]) expect(handsInWords({ ...plan, events: typing((second) => (rate === 1 && second === 5 ? 30 : rate)) })).not.toContain('edits a second')
})

test('hands: a paste is told', () => {
  const paste: PlanEvent = { id: 'p', at: 10_000, kind: 'paste', actor: 'author/1', place: 0.5, text: 'ab', units: 9_998 }
  expect(handsInWords({ ...plan, events: [paste] })).toContain('At 10.0 s author/1 pastes 10,000 units of text at once.')
})
