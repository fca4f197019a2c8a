import { expect, test } from 'vitest'
import { MOST_POINTS, stepsPerPoint, thinOut } from './thin-out.ts'

test('thin out: a plot has no more points than its width shows, and a short one is left as it is', () => {
  for (const steps of [0, 1, MOST_POINTS, MOST_POINTS + 1, 86_400]) {
    const values = Array.from({ length: steps }, (_, index) => index + 1)
    const thin = thinOut(values, stepsPerPoint([values], 'mean'), 'mean')
    expect(thin.length).toBeLessThanOrEqual(MOST_POINTS)
    if (steps <= MOST_POINTS) expect(thin).toEqual(values)
  }
})

test('thin out: rates keep their mean, percentiles their worst, gaps stay gaps', () => {
  const values = [1, 3, null, 8, null, null, 5]
  expect(thinOut(values, 2, 'mean')).toEqual([2, 8, null, 5])
  expect(thinOut(values, 2, 'highest')).toEqual([3, 8, null, 5])
})

test('thin out: where little was measured a point stands for more steps, until there is a line', () => {
  const rare = Array.from({ length: 240 }, (_, index) => (index % 3 === 0 ? 10 : null))
  expect(thinOut(rare, stepsPerPoint([rare], 'highest'), 'highest')).not.toContain(null)
  const bursts = rare.map((value) => value ?? 0)
  expect(stepsPerPoint([bursts], 'mean')).toBeGreaterThan(1)
  expect(stepsPerPoint([bursts], 'highest')).toBe(1)
})

test('thin out: an outage is a gap and stays one', () => {
  const outage = Array.from({ length: 240 }, (_, index) => (index > 100 && index < 160 ? null : 10))
  expect(stepsPerPoint([outage], 'highest')).toBe(1)
})
