import { RULES as CLIENT_RULES } from '@concord/client/testing'
import { RULES as SERVER_RULES } from '@concord/server/core/rules'
import { describe, expect, test } from 'vitest'
import { BUGS } from './bugs.ts'
import { noticeBug } from './testing/notice-bug.ts'
import { FIRST_SEEDS } from './first-seeds.ts'

/** Seeds tried from the recorded one on: whatever changes the swarm moves where a bug shows. */
const BUDGET = 300

describe('a planted bug is caught:', () => {
  test.each([...BUGS.keys()])('%s', { timeout: 600_000 }, async (name) => {
    const caught = await noticeBug(name, FIRST_SEEDS[name] ?? 1, BUDGET)
    expect(caught?.checker, `nobody noticed ${name}: concord sim run swarm --seed ${FIRST_SEEDS[name] ?? 1} --bug ${name}`).toBeDefined()
  })
})

test('every recorded seed belongs to a bug', () => {
  expect(Object.keys(FIRST_SEEDS).filter((name) => !BUGS.has(name))).toEqual([])
})

test('no bug is planted twice, and each takes something away', () => {
  const bugs = [...BUGS.values()]
  expect(new Set(bugs.map(({ what }) => what)).size).toBe(bugs.length)
  expect(bugs.filter(({ client, server, storage }) => client === undefined && server === undefined && storage === undefined)).toEqual([])
})

test('every rule and guard that has a switch is switched off by some bug', () => {
  const bugs = [...BUGS.values()]
  const untouched = (rules: object, off: readonly (object | undefined)[]): string[] => Object.keys(rules).filter((rule) => !off.some((one) => one !== undefined && rule in one))
  expect(untouched(CLIENT_RULES, bugs.map(({ client }) => client))).toEqual([])
  // Clients do not submit inside a composed group, and no attack is made there yet: their own test shows it (submit-check).
  expect(untouched(SERVER_RULES, bugs.map(({ server }) => server))).toEqual(['refusesInsideGroup'])
})

test('the rules of production cannot be changed', () => {
  expect(Object.isFrozen(CLIENT_RULES)).toBe(true)
  expect(Object.isFrozen(SERVER_RULES)).toBe(true)
})
