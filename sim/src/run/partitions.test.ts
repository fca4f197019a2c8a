import { expect, test } from 'vitest'
import { Partitions } from './partitions.ts'

test('a partition cuts both ways, a one-way partition one, and ends when it is told to', () => {
  const partitions = new Partitions()
  partitions.begin('p1', ['server-1'], ['storage'], false)
  partitions.begin('p2', ['mobile'], ['server-2'], true)
  expect(partitions.blocks(['storage'], ['server-1'])).toBe(true)
  expect(partitions.blocks(['server-2'], ['storage'])).toBe(false)
  expect(partitions.blocks(['mobile/3', 'mobile'], ['server-2'])).toBe(true)
  expect(partitions.blocks(['server-2'], ['mobile/3', 'mobile'])).toBe(false)
  partitions.end('p1')
  expect(partitions.blocks(['server-1'], ['storage'])).toBe(false)
  partitions.healAll()
  expect(partitions.blocks(['mobile'], ['server-2'])).toBe(false)
})
