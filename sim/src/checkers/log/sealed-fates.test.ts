import { expect, test } from 'vitest'
import { sealedFates } from './sealed-fates.ts'
import { actor, change, opened, Scene, submit } from '../testing/scene.ts'

function sentIn(session: string, seq = 1): Scene {
  const scene = new Scene(sealedFates, { actors: [actor('ada')] }).receive('ada', opened({ session: 'one' }))
  return scene.see('sent', { actor: 'ada', frame: { kind: 'submit', submit: { ...submit(seq, 0, 0, '+a'), session } } })
}

test('R2: what is committed before, or reported as committed, is silent', () => {
  expect(sentIn('one').commit(change(1, 0, '+a')).receive('ada', opened({ session: 'two', lastSeq: 1 })).violations).toEqual([])
  expect(sentIn('one').receive('ada', opened({ session: 'two', lastSeq: 1 })).commit(change(1, 0, '+a')).violations).toEqual([])
})

test('R2: what commits after an opened that did not report it is told', () => {
  const told = ['a submit was committed although the client had been told that it was not (R2)']
  expect(sentIn('one').receive('ada', opened({ session: 'two', lastSeq: 0 })).commit(change(1, 0, '+a')).violations).toEqual(told)
})

test('R2: a submit that names another session than the current one is told', () => {
  expect(sentIn('two').commit(change(1, 0, '+a')).violations).toHaveLength(1)
})

test('a stale device that uses a number again is none', () => {
  const scene = sentIn('one').receive('ada', opened({ session: 'two' }))
  scene.see('sent', { actor: 'ada', frame: { kind: 'submit', submit: { ...submit(1, 0, 0, '+b'), session: 'two' } } })
  expect(scene.commit(change(1, 0, '+b')).violations).toEqual([])
})
