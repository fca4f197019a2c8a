import { expect, test } from 'vitest'
import { onceOnly } from './once-only.ts'
import { BOB, change, Scene } from '../testing/scene.ts'

test('R7: different submits are silent', () => {
  const scene = new Scene(onceOnly).commit(change(1, 0, '+a'), { seq: 1 }).commit(change(2, 1, '1 +b'), { seq: 2 }).commit(change(3, 2, '2 +c', { clientId: BOB }), { seq: 1 })
  expect(scene.finish().violations).toEqual([])
})

test('R7: a submit that is in the log twice is told, also when nobody heard how the append went', () => {
  const scene = new Scene(onceOnly).commit(change(1, 0, '+a'), { seq: 1 }).commit(change(2, 1, '1 +a'), { seq: 1, outcome: 'unknown' })
  expect(scene.violations).toEqual(['a submit was committed twice (R7)'])
})
