import { expect, test } from 'vitest'
import type { OwnerSpan } from '../../run/run-result.ts'
import { overlapsOf } from './overlaps.ts'

const span = (node: string, epoch: number, fromMs: number, toMs: number, document = 'notes'): OwnerSpan => ({ document, node, epoch, fromMs, toMs, committed: 0 })
const told = (spans: readonly OwnerSpan[]) => overlapsOf(spans).map(({ document, older, newer, fromMs, toMs }) => `${document}: ${older.node} and ${newer.node} from ${fromMs} to ${toMs}`)

test('overlaps: two nodes that rule one document at once are a split brain', () => {
  expect(told([span('n2', 2, 50, 90), span('n1', 1, 0, 60)])).toEqual(['notes: n1 and n2 from 50 to 60'])
})

test('overlaps: rule that is handed over, other documents and the same node are none', () => {
  expect(told([span('n1', 1, 0, 60), span('n2', 2, 60, 90)])).toEqual([])
  expect(told([span('n1', 1, 0, 60), span('n2', 2, 10, 90, 'minutes')])).toEqual([])
  expect(told([span('n1', 1, 0, 60), span('n1', 2, 10, 90)])).toEqual([])
})

test('overlaps: three at once are three pairs, and one that is within another ends with itself', () => {
  expect(told([span('n1', 1, 0, 100), span('n2', 2, 10, 50), span('n3', 3, 20, 30)])).toEqual(['notes: n1 and n2 from 10 to 50', 'notes: n1 and n3 from 20 to 30', 'notes: n2 and n3 from 20 to 30'])
})
