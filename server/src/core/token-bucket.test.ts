import { expect, test } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

test('a burst at once, then the rate', () => {
  const bucket = new TokenBucket(10, 3, 0)
  expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([true, true, true, false])
  expect(bucket.wait(0)).toBe(100)
  expect([50, 100, 150].map((now) => bucket.take(now))).toEqual([false, true, false])
  expect(bucket.isFull(350)).toBe(false)
  expect(bucket.isFull(500)).toBe(true)
})

test('time that goes back gives nothing', () => {
  const bucket = new TokenBucket(10, 1, 1_000)
  expect(bucket.take(1_000)).toBe(true)
  expect(bucket.take(0)).toBe(false)
  expect(bucket.take(1_050)).toBe(false)
  expect(bucket.take(1_100)).toBe(true)
})
