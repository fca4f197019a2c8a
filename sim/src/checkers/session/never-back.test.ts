import { expect, test } from 'vitest'
import { neverBack } from './never-back.ts'
import { actor, change, changed, content, openFrame, opened, Scene } from '../testing/scene.ts'

function scene(mayLoseTail = false): Scene {
  return new Scene(neverBack, { actors: [actor('ada')], expect: { mayLoseTail } }).see('sent', { actor: 'ada', frame: openFrame(5) })
}

test('sessions that go on are silent', () => {
  expect(scene().receive('ada', opened({ head: 5 }), opened({ head: 7, epoch: 2, resume: 'snapshot' }), content(6, 'x')).violations).toEqual([])
})

test('a session under an older epoch than wrote what the client has is told; an epoch that wrote nothing is none', () => {
  const told = ['a session was opened under an epoch older than the one that wrote what the client has']
  expect(scene().receive('ada', opened({ head: 5, epoch: 2 }), opened({ head: 5, epoch: 1 })).violations).toEqual([])
  expect(scene().receive('ada', opened({ head: 5, epoch: 2 }), changed(change(6, 0, '+x', { epoch: 2 })), opened({ head: 6, epoch: 1 })).violations).toEqual(told)
})

test('an older head is told, unless the plan lets the log lose its tail; an older content before the changes that follow is not', () => {
  expect(scene().receive('ada', opened({ head: 4 })).violations).toEqual(['a session was opened at a head below what the client has'])
  expect(scene().receive('ada', opened({ head: 6, resume: 'snapshot' }), content(4, 'x')).violations).toEqual([])
  expect(scene(true).receive('ada', opened({ head: 4, resume: 'snapshot' })).violations).toEqual([])
})
