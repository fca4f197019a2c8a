import { parse } from '@concord/ot'
import { expect, test } from 'vitest'
import { Anchors } from './anchors.ts'

test('an anchor is carried through edits, on the side it was set to', () => {
  const anchors = new Anchors()
  const [left, right] = [anchors.add(3, 'left'), anchors.add(3, 'right')]
  anchors.changed(parse(6, '+ab'))
  expect([left.position, right.position]).toEqual([5, 5])
  anchors.changed(parse(8, '5 +x'))
  expect([left.position, right.position]).toEqual([5, 6])
})

test('an anchor outlives the text around it', () => {
  const anchors = new Anchors()
  const anchor = anchors.add(4, 'left')
  anchors.changed(parse(8, '2 -5'))
  expect(anchor.position).toBe(2)
  anchors.changed(parse(3, '-1'))
  expect(anchor.position).toBe(1)
})

test('a released anchor stands still', () => {
  const anchors = new Anchors()
  const anchor = anchors.add(1, 'left')
  anchor.release()
  anchors.changed(parse(2, '+abc'))
  expect(anchor.position).toBe(1)
})
