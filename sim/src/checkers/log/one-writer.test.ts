import { expect, test } from 'vitest'
import { oneWriter } from './one-writer.ts'
import { change, Scene } from '../testing/scene.ts'

test('owners that follow each other are silent', () => {
  const scene = new Scene(oneWriter).claim('n1', 1).commit(change(1, 0, '+a')).claim('n2', 2)
  scene.commit(change(2, 1, '1 +b', { epoch: 1 }), { outcome: 'fenced' }).commit(change(2, 1, '1 +b', { epoch: 2 }), { node: 'n2' })
  expect(scene.violations).toEqual([])
})

test('a fenced owner that commits all the same is told', () => {
  const scene = new Scene(oneWriter).claim('n1', 1).claim('n2', 2).commit(change(1, 0, '+a', { epoch: 1 }))
  expect(scene.violations).toEqual(['an older epoch committed after a newer one was claimed'])
})

test('an epoch that two have, or that goes back, is told', () => {
  expect(new Scene(oneWriter).claim('n1', 1).claim('n2', 1).violations).toEqual(['an epoch was claimed twice'])
  expect(new Scene(oneWriter).claim('n1', 3).claim('n2', 2).violations).toEqual(['a claim gave an epoch below one that was given before'])
})

test('a node that commits under an epoch of another is told', () => {
  expect(new Scene(oneWriter).claim('n2', 1).commit(change(1, 0, '+a')).violations).toEqual(['a node committed under an epoch that it had not claimed'])
})

test('a claim with a stale head is told', () => {
  expect(new Scene(oneWriter).claim('n1', 1).commit(change(1, 0, '+a')).claim('n2', 2, 0).violations).toEqual(['a claim named another head than the log has'])
})
