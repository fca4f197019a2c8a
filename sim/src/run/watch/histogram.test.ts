import { expect, test } from 'vitest'
import { Histogram } from './histogram.ts'

test('percentiles are right within 2 percent, also of merged histograms', () => {
  const [odd, even] = [new Histogram(), new Histogram()]
  for (let ms = 1; ms <= 10_000; ms += 1) (ms % 2 === 1 ? odd : even).add(ms)
  odd.merge(even)
  expect(odd.samples).toBe(10_000)
  for (const percentile of [50, 95, 99, 99.9, 100]) {
    const measured = odd.at(percentile) ?? 0
    expect(Math.abs(measured / (percentile * 100) - 1)).toBeLessThan(0.021)
  }
})

test('nothing measured is nothing, and nought is the least bucket', () => {
  const histogram = new Histogram()
  expect(histogram.at(50)).toBeUndefined()
  histogram.add(0)
  expect(histogram.at(50)).toBeLessThanOrEqual(0.01)
})
