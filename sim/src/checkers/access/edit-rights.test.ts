import { expect, test } from 'vitest'
import { editRights } from './edit-rights.ts'
import { actor, change, Scene } from '../testing/scene.ts'

const BEGAN = 1_700_000_000_000

/** Ada may only read from 1,000 ms on; an operation of hers is taken at `takenAt`, and reaches the log at `writtenAt`. */
function told(takenAt: number, writtenAt: number, role: string | undefined = 'viewer'): string[] {
  const scene = new Scene(editRights, { actors: [actor('ada')] }).commit(change(1, 0, '+a', { at: BEGAN }))
  scene.now = 1_000
  scene.see('role', { document: 'notes', user: 'ada', role })
  scene.now = writtenAt
  return scene.commit(change(2, 1, '1 +b', { at: BEGAN + takenAt })).violations
}

test('an operation that was taken in time may reach the log late', () => {
  expect(told(900, 60_000)).toEqual([])
  expect(told(5_900, 5_910)).toEqual([])
})

test('an operation of somebody who may not edit is told', () => {
  expect(told(9_000, 9_010)).toEqual(['an operation was taken from a user who may not edit'])
  expect(told(9_000, 9_010, undefined)).toHaveLength(1)
  expect(told(9_000, 9_010, 'editor')).toEqual([])
})
