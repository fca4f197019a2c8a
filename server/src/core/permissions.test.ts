import type { Role } from '@concord/protocol'
import { describe, expect, test } from 'vitest'
import { type Action, mayDo, mayInvite, ROLE_ORDER } from './permissions.ts'

/** The table of the design, cell by cell: viewer, commenter, editor, owner. */
const TABLE: readonly (readonly [Action, string])[] = [
  ['read', 'x x x x'],
  ['presence', 'x x x x'],
  ['export', 'x x x x'],
  ['history', 'x x x x'],
  ['comment', '- x x x'],
  ['suggest', '- x x x'],
  ['edit', '- - x x'],
  ['resolve', '- - x x'],
  ['restore', '- - x x'],
  ['invite', '- - x x'],
  ['change_grants', '- - - x'],
  ['share_link', '- - - x'],
  ['rename', '- - - x'],
  ['delete', '- - - x'],
  ['transfer', '- - - x'],
  ['retention', '- - - x'],
]

describe.each(TABLE)('%s', (action, row) => {
  const cells = row.split(' ')
  test.each(ROLE_ORDER.map((role, i) => [role, cells[i] === 'x'] as const))('%s: %s', (role, allowed) => {
    expect(mayDo(role, action)).toBe(allowed)
  })

  test('nobody: false', () => {
    expect(mayDo(undefined, action)).toBe(false)
  })
})

test('an invitation goes at or below the own role', () => {
  const invited = (role: Role | undefined) => ROLE_ORDER.filter((other) => mayInvite(role, other))
  expect(invited(undefined)).toEqual([])
  expect(invited('viewer')).toEqual([])
  expect(invited('commenter')).toEqual([])
  expect(invited('editor')).toEqual(['viewer', 'commenter', 'editor'])
  expect(invited('owner')).toEqual(['viewer', 'commenter', 'editor', 'owner'])
})
