import { expect, test } from 'vitest'
import { streamSlots } from './stream-slots.ts'
import { acked, actor, ADA, BOB, change, changed, content, openFrame, opened, Scene } from '../testing/scene.ts'

const others = { clientId: BOB }

function scene(link = 'link'): Scene {
  return new Scene(streamSlots, { actors: [actor('ada', { link })] })
}

function open(of: Scene, version: number): Scene {
  return of.see('sent', { actor: 'ada', frame: openFrame(version) })
}

test('R1: every version once, in order, is silent over reconnects and resyncs', () => {
  const told = open(scene(), 0).receive('ada', opened(), changed(change(1, 0, '+a', others)), acked(2, 1))
  open(told, 1).receive('ada', opened(), acked(2, 1), opened({ reason: 'slow_reader' }), changed(change(3, 2, '2 +c', others)))
  open(told, 3).receive('ada', opened({ resume: 'snapshot' }), content(5, 'a', 0, 2), content(5, 'b', 1, 2), changed(change(6, 2, '+x', others)))
  expect(told.violations).toEqual([])
})

test('R1: a version that is left out or comes twice is told', () => {
  const told = ['a version came that is not the next one']
  expect(open(scene(), 0).receive('ada', opened(), changed(change(2, 0, '+a', others))).violations).toEqual(told)
  expect(open(scene(), 0).receive('ada', opened(), acked(1, 1), acked(1, 1)).violations).toEqual(told)
})

test('R1: an own version that comes as a change is told', () => {
  expect(open(scene(), 0).receive('ada', opened(), changed(change(1, 0, '+a', { clientId: ADA }))).violations).toEqual(["a client's own version came as a change"])
})

test('a version in the middle of a content is told', () => {
  const told = open(scene(), 0).receive('ada', opened({ resume: 'snapshot' }), content(5, 'a', 0, 2), acked(6, 1))
  expect(told.violations).toEqual(['a version came before the content was complete'])
})

test('a link that loses frames by itself is not the stream', () => {
  expect(open(scene('lossy'), 0).receive('ada', opened(), changed(change(2, 0, '+a', others))).violations).toEqual([])
})
