import { expect, test } from 'vitest'
import { identityOf, initials, nameOf, SUGGESTIONS, userIdOf, colorOf } from './identity.ts'

test('a name leads to one user id, in every alphabet', () => {
  expect(identityOf('  Ada   Lovelace ')).toEqual({ user: 'ada-lovelace', name: 'Ada Lovelace' })
  expect(identityOf('Zoë Ångström')!.user).toBe('zoe-angstrom')
  expect(identityOf('李雷')!.user).toMatch(/^guest-[a-z0-9]+$/)
  expect(identityOf('李雷')!.user).not.toBe(identityOf('韩梅梅')!.user)
  expect(identityOf('   ')).toBeUndefined()
})

test('an invitation takes an id as it is, or the id of a name', () => {
  expect(userIdOf('auth0:4f.Xy')).toBe('auth0:4f.Xy')
  expect(userIdOf('Grace Hopper')).toBe('grace-hopper')
  expect(userIdOf('Grace')).toBe('grace')
  expect(userIdOf('')).toBeUndefined()
})

test('initials and names for people', () => {
  expect([initials('Ada Lovelace'), initials('ada'), initials(''), initials('李雷')]).toEqual(['AL', 'A', '?', '李'])
  expect(nameOf('grace-hopper')).toBe('Grace Hopper')
})

test('the suggested people have colours of their own', () => {
  const colors = SUGGESTIONS.map((name) => colorOf(identityOf(name)!.user))
  expect(new Set(colors).size).toBe(SUGGESTIONS.length)
})
