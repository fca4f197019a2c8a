import { expect, test } from 'vitest'
import { leavesAgain } from './leaves-again.ts'
import { actor, change, changed, opened, openFrame, Scene, submit } from '../testing/scene.ts'

/** Ada's submit is on its way when the server opens her session again; `then` happens, and 20 s pass. */
function told(lastSeq: number, then: (scene: Scene) => void = () => undefined): string[] {
  const scene = new Scene(leavesAgain, { actors: [actor('ada')] }).see('sent', { actor: 'ada', frame: openFrame(0) }).receive('ada', opened())
  scene.see('sent', { actor: 'ada', frame: { kind: 'submit', submit: submit(1, 0, 0, '+a') } }).receive('ada', opened({ reason: 'slow_reader', lastSeq }))
  then(scene)
  scene.now = 20_000
  return scene.finish().violations
}

test('R5: what was taken back leaves again, under a fresh number', () => {
  expect(told(0, (scene) => scene.see('sent', { actor: 'ada', frame: { kind: 'submit', submit: submit(2, 0, 0, '+a') } }))).toEqual([])
})

test('R5: a client that waits for a decision that can never come is told', () => {
  expect(told(0)).toEqual(['a client that is in step does not submit again what an opened took back'])
})

test('what is reported as committed, came to nothing, or lost its stream is silent', () => {
  expect(told(1)).toEqual([])
  expect(told(0, (scene) => scene.see('status', { actor: 'ada', connection: 'online', pending: 0 }))).toEqual([])
  expect(told(0, (scene) => scene.see('ended', { actor: 'ada', node: 'n1', reason: 'UNREACHABLE' }))).toEqual([])
})

test('a client that lost a version waits for its gate, not for a decision', () => {
  expect(told(0, (scene) => scene.receive('ada', changed(change(2, 0, '+x'))))).toEqual([])
})
