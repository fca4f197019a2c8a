import { expect, test } from 'vitest'
import { logOrder } from './log-order.ts'
import { change, recordOf, Scene } from '../testing/scene.ts'

test('R1: a log whose versions follow each other is silent', () => {
  const scene = new Scene(logOrder).commit(change(1, 0, '+a')).commit(change(2, 1, '1 +b', { epoch: 2 })).finish()
  expect(scene.violations).toEqual([])
})

test('R1: a version in another place than its own is told', () => {
  const scene = new Scene(logOrder).commit(change(1, 0, '+a')).commit(change(3, 1, '1 +b'))
  expect(scene.violations).toEqual(['a version stands in another place of the log than its own'])
})

test('an epoch that goes back is told', () => {
  const scene = new Scene(logOrder).commit(change(1, 0, '+a', { epoch: 2 })).commit(change(2, 1, '1 +b', { epoch: 1 }))
  expect(scene.violations).toEqual(['a version was written under an older epoch than the one before it'])
})

test('a row that is replaced is told, unless the plan lets the log lose its tail', () => {
  const replaced = (mayLoseTail: boolean): string[] => {
    const scene = new Scene(logOrder, { expect: { mayLoseTail } }).commit(change(1, 0, '+a'))
    scene.log()[0] = recordOf(change(1, 0, '+b', { epoch: 2 }), 1)
    return scene.finish().violations
  }
  expect(replaced(false)).toEqual(['a row of the log was taken away or replaced'])
  expect(replaced(true)).toEqual([])
})
