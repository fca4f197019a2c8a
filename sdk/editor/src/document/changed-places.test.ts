import { OperationBuilder } from '@concord/client'
import { expect, test } from 'vitest'
import { changedPlaces } from './changed-places.ts'

test('places are those of the text after the operation: 2 +ab 3{bold} -2', () => {
  const operation = new OperationBuilder(10).retain(2).insert('ab').retain(1).retain(2, { bold: true }).delete(2).build()
  expect(changedPlaces(operation)).toEqual([
    { from: 2, to: 4 },
    { from: 5, to: 7 },
  ])
})

test('a deletion alone is a place without extent, and what replaces something is one place', () => {
  expect(changedPlaces(new OperationBuilder(5).retain(1).delete(2).build())).toEqual([{ from: 1, to: 1 }])
  expect(changedPlaces(new OperationBuilder(5).retain(1).insert('new').delete(2).build())).toEqual([{ from: 1, to: 4 }])
})
