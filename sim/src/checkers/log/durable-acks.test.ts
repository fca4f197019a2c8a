import { expect, test } from 'vitest'
import { durableAcks } from './durable-acks.ts'
import { ADA, acked, actor, BOB, change, changed, opened, Scene } from '../testing/scene.ts'

const ACTORS = [actor('ada'), actor('bob', { user: 'bob' })]

test('an ack for what is in the log is silent', () => {
  const scene = new Scene(durableAcks, { actors: ACTORS }).receive('ada', opened()).commit(change(1, 0, '+a'), { seq: 7 })
  scene.receive('ada', acked(1, 7)).see('committed', { actor: 'ada', clientId: ADA, version: 1, own: true }).receive('bob', changed(change(1, 0, '+a')))
  expect(scene.finish().violations).toEqual([])
})

test('an ack before the log has it is told', () => {
  const scene = new Scene(durableAcks, { actors: ACTORS }).receive('ada', opened(), acked(1, 1))
  expect(scene.violations).toEqual(['an ack arrived for an operation that is not in the log at its version'])
})

test("an ack for somebody else's version is told", () => {
  const scene = new Scene(durableAcks, { actors: ACTORS }).receive('ada', opened()).commit(change(1, 0, '+a', { clientId: BOB }), { seq: 1 }).receive('ada', acked(1, 1))
  expect(scene.violations).toHaveLength(1)
})

test('a change that nobody wrote is told', () => {
  const scene = new Scene(durableAcks, { actors: ACTORS }).receive('bob', opened(), changed(change(1, 0, '+a')))
  expect(scene.violations).toEqual(['a version was delivered that is not in the log'])
})

test('an acknowledged operation that is gone in the end is told, unless the plan lets the log lose its tail', () => {
  const lost = (mayLoseTail: boolean): string[] => {
    const scene = new Scene(durableAcks, { actors: ACTORS, expect: { mayLoseTail } }).receive('ada', opened()).commit(change(1, 0, '+a')).receive('ada', acked(1, 1))
    scene.log().pop()
    return scene.finish().violations
  }
  expect(lost(false)).toEqual(['an acknowledged operation is not in the log any more'])
  expect(lost(true)).toEqual([])
})
