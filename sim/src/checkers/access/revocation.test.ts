import { expect, test } from 'vitest'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { revocation } from './revocation.ts'
import { actor, BOB, change, changed, openFrame, opened, Scene } from '../testing/scene.ts'

const DOWN: PlanEvent = { id: 'e1', at: 0, kind: 'permissions', available: false }

/** Ada loses her grant at 0 ms; Bob writes `writtenAt` ms later, and Ada hears of it a minute later. */
function told(writtenAt: number, events: readonly PlanEvent[] = []): string[] {
  const scene = new Scene(revocation, { actors: [actor('ada')], events })
  for (const { id, kind } of events) scene.see('event', { id, kind })
  scene.see('role', { document: 'notes', user: 'ada', role: undefined })
  scene.now = writtenAt
  scene.commit(change(1, 0, '+a', { clientId: BOB }))
  scene.now = writtenAt + 60_000
  return scene.receive('ada', changed(change(1, 0, '+a', { clientId: BOB }))).violations
}

test('what was written within the time may arrive whenever its link brings it', () => {
  expect(told(4_000)).toEqual([])
})

test('what was written later is told', () => {
  expect(told(8_000)).toEqual(['a user without a grant was told of a version that was committed later'])
})

test('while nobody can ask for roles, old ones still read for a minute', () => {
  expect(told(900, [DOWN])).toEqual([])
  expect(told(6_900, [DOWN])).toEqual([])
  expect(told(70_000, [DOWN])).toHaveLength(1)
})

test('an open that leaves later is told, and not after the grant came back', () => {
  const scene = new Scene(revocation, { actors: [actor('ada')] }).see('role', { document: 'notes', user: 'ada', role: undefined })
  scene.now = 8_000
  scene.see('sent', { actor: 'ada', frame: openFrame(0) })
  expect(scene.receive('ada', opened()).violations).toEqual(['a user without a grant opened the document'])
  const again = new Scene(revocation, { actors: [actor('ada')] }).see('role', { document: 'notes', user: 'ada', role: undefined }).see('role', { document: 'notes', user: 'ada', role: 'viewer' })
  again.now = 8_000
  expect(again.see('sent', { actor: 'ada', frame: openFrame(0) }).receive('ada', opened()).violations).toEqual([])
})
