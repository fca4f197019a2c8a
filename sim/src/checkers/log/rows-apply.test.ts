import { expect, test } from 'vitest'
import { rowsApply } from './rows-apply.ts'
import { change, Scene } from '../testing/scene.ts'

test('R16: rows that continue each other are silent', () => {
  expect(new Scene(rowsApply).commit(change(1, 0, '+ab')).commit(change(2, 2, '-1')).finish().violations).toEqual([])
})

test('R16: a row for another length is told', () => {
  const [told] = new Scene(rowsApply).commit(change(1, 0, '+ab')).commit(change(2, 3, '-1')).violations
  expect(told).toContain('a row of the log does not apply: the fold has 2 units, the operation names 3')
})
