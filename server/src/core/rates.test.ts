import { expect, test } from 'vitest'
import { Rates } from './rates.ts'

test('buckets of users who come and go are forgotten along the way', () => {
  const rates = new Rates(1, 60)
  let most = 0
  for (let n = 0; n < 10_000; n++) {
    // Each bucket is full again a second later: a hundred are in use at any time.
    const now = n * 10
    rates.tidy(now)
    expect(rates.take(`user ${n}`, now)).toBe(true)
    most = Math.max(most, rates.size)
  }
  expect(most).toBeLessThanOrEqual(202)
})

test('a herd that comes at once is not swept for each of its users', () => {
  const rates = new Rates(1, 60)
  let swept = 0
  const sweep = rates.sweep.bind(rates)
  rates.sweep = (now) => {
    swept += rates.size
    sweep(now)
  }
  for (let n = 0; n < 10_000; n++) {
    rates.tidy(0)
    rates.take(`user ${n}`, 0)
  }
  expect(swept).toBeLessThanOrEqual(20_000)
})

test('forgetting gives nobody more than the rate', () => {
  const rates = new Rates(1, 2)
  const taken = Array.from({ length: 40 }, (_, n) => {
    rates.tidy(n * 100)
    return rates.take('somebody', n * 100)
  })
  expect(taken.filter(Boolean)).toHaveLength(2 + 3)
})
