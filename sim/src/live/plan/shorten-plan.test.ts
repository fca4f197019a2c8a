import { expect, test } from 'vitest'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { idleWithin, shortenPlan } from './shorten-plan.ts'
import { planWith } from '../testing/plan-with.ts'

const HOUR = 3_600_000

function insert(id: string, at: number): PlanEvent {
  return { id, at, kind: 'insert', actor: 'editors/1', text: id }
}

test('a stretch in which nothing happens is cut, what happens at one moment stays together', () => {
  const plan = planWith({ events: [insert('a', 100), insert('b', 100), insert('c', 100 + 24 * HOUR), insert('d', 150 + 24 * HOUR)], endMs: 200 + 24 * HOUR })
  const short = shortenPlan(plan, { idleMs: 1_000, speed: 1 })
  expect(short.events.map(({ at }) => at)).toEqual([100, 100, 1_100, 1_150])
  expect(short.endMs).toBe(1_200)
})

test('speed divides what is left', () => {
  const plan = planWith({ events: [insert('a', 100), insert('b', 5_100)], endMs: 5_200 })
  expect(shortenPlan(plan, { idleMs: 1_000, speed: 2 }).events.map(({ at }) => at)).toEqual([50, 550])
})

test('a window of a level and the length of a stall move along', () => {
  const stall: PlanEvent = { id: 's', at: 1_000, kind: 'stall', actor: 'editors/1', forMs: HOUR }
  const plan = planWith({ events: [stall, insert('b', 1_000 + HOUR)], endMs: 2_000 + HOUR, levels: [{ series: 'ack', percentile: 99, atMostMs: 5, fromMs: 1_000, toMs: 1_000 + HOUR }] })
  const short = shortenPlan(plan, { idleMs: 500, speed: 1 })
  expect(short.events[0]).toMatchObject({ at: 500, forMs: 500 })
  expect(short.expect.levels[0]).toMatchObject({ fromMs: 500, toMs: 1_000 })
})

test('the stretch that may stay makes the run as long as it may be', () => {
  const plan = planWith({ events: [insert('a', HOUR), insert('b', 1.5 * HOUR), insert('c', 9 * HOUR)], endMs: 10 * HOUR })
  const idleMs = idleWithin(plan, 60_000)
  const { endMs } = shortenPlan(plan, { idleMs: idleMs!, speed: 1 })
  expect(endMs).toBeLessThanOrEqual(60_000)
  expect(endMs).toBeGreaterThan(59_000)
  expect(idleWithin(plan, 11 * HOUR)).toBeUndefined()
})
