import { expect, test } from 'vitest'
import { EpochTable } from './epoch-table.ts'

test('R15 ancestry: each version is known by the epoch that wrote it', () => {
  const epochs = new EpochTable([
    { epoch: 1, version: 1 },
    { epoch: 4, version: 6 },
  ])
  epochs.wrote(4, 7)
  epochs.wrote(5, 9)
  epochs.wrote(5, 10)
  expect([0, 1, 5, 6, 8, 9, 99].map((version) => epochs.epochOf(version))).toEqual([0, 1, 1, 4, 4, 5, 5])
  expect(epochs.entries()).toHaveLength(3)
})

test('R15 ancestry: a table that begins late knows nothing of what was before', () => {
  expect(new EpochTable([{ epoch: 3, version: 10 }]).epochOf(9)).toBe(0)
})
