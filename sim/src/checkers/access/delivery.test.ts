import { expect, test } from 'vitest'
import { delivery } from './delivery.ts'
import { actor, BOB, change, changed, opened, Scene } from '../testing/scene.ts'

function scene(): Scene {
  const told = new Scene(delivery, { actors: [actor('ada')] }).commit(change(1, 0, '+a'))
  return told.commit(change(1, 0, '+b', { clientId: BOB, at: 9 }), { document: 'other' })
}

test('changes of the own document are silent', () => {
  expect(scene().receive('ada', opened({ head: 1 }), changed(change(1, 0, '+a'))).violations).toEqual([])
})

test('a change of another document is told', () => {
  expect(scene().receive('ada', changed(change(1, 0, '+b', { clientId: BOB, at: 9 }))).violations).toEqual(['a change of another document was delivered'])
})

test('a session of another user, or of a document with another head, is told', () => {
  expect(scene().receive('ada', opened({ userId: 'bob' })).violations).toEqual(['a session was opened for another user'])
  expect(scene().receive('ada', opened({ head: 2 })).violations).toEqual(['a session was opened at a head that its document does not have'])
})
