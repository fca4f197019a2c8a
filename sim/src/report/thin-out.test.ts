import { expect, test } from 'vitest'
import { MOST_POINTS, stepsPerPoint, thinOut } from './thin-out.ts'

test('thin out: a plot has no more points than a screen shows, and a short one is left as it is', () => {
  for (const steps of [0, 1, MOST_POINTS, MOST_POINTS + 1, 86_400]) {
    const values = Array.from({ length: steps }, (_, index) => index)
    const thin = thinOut(values, stepsPerPoint(steps), 'mean')
    expect(thin.length).toBeLessThanOrEqual(MOST_POINTS)
    if (steps <= MOST_POINTS) expect(thin).toEqual(values)
  }
})

test('thin out: rates keep their mean, percentiles their worst, counts their sum, gaps stay gaps', () => {
  const values = [1, 3, null, 8, null, null, 5]
  expect(thinOut(values, 2, 'mean')).toEqual([2, 8, null, 5])
  expect(thinOut(values, 2, 'highest')).toEqual([3, 8, null, 5])
  expect(thinOut(values, 2, 'sum')).toEqual([4, 8, null, 5])
})
