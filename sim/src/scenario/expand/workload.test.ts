import { expect, test } from 'vitest'
import { castOf } from './cast.ts'
import { loadScenario } from '../file/load-scenario.ts'
import { editorsOfDocument } from './workload.ts'

test('editors per document: the quantiles of the default workload', () => {
  expect([0, 0.3, 0.5, 0.9, 0.99, 0.999, 0.9999999].map(editorsOfDocument)).toEqual([1, 1, 1, 3, 10, 50, 100])
})

test('more editors are never more likely to be fewer', () => {
  let last = 0
  for (let u = 0; u < 1; u += 0.0001) {
    const editors = editorsOfDocument(u)
    expect(editors).toBeGreaterThanOrEqual(last)
    last = editors
  }
})

test('a group spread by the workload fills documents with those numbers', () => {
  const { actors, documents } = castOf(loadScenario('reconnect-herd'), 5)
  const counts = new Map<string, number>()
  for (const { planned: { document } } of actors) counts.set(document, (counts.get(document) ?? 0) + 1)
  const sizes = [...counts.values()].sort((a, b) => a - b)
  const quantile = (share: number) => sizes[Math.floor(share * sizes.length)]
  expect(documents).toHaveLength(counts.size)
  expect(quantile(0.5)).toBeLessThanOrEqual(2)
  expect(quantile(0.45)).toBe(1)
  expect([2, 3, 4]).toContain(quantile(0.9))
  expect(quantile(0.99)).toBeGreaterThanOrEqual(8)
  expect(quantile(0.99)).toBeLessThanOrEqual(12)
  expect(quantile(0.999)).toBeGreaterThanOrEqual(35)
  expect(quantile(0.999)).toBeLessThanOrEqual(65)
  expect(sizes.at(-1)).toBeLessThanOrEqual(100)
})
