import { describe, expect, test } from 'vitest'
import { LIMIT_PRESETS, LIMIT_RELATIONS, LIMITS, type LimitName, type LimitPreset, type Limits, resolveLimits } from './limits.ts'

test('every limit says what it means and in which unit', () => {
  for (const [name, { default: value, unit, doc }] of Object.entries(LIMITS)) {
    expect(value, name).toBeGreaterThan(0)
    expect(unit, name).not.toBe('')
    expect(doc, name).toMatch(/\.$/)
  }
})

test.each(Object.keys(LIMIT_PRESETS) as LimitPreset[])('the preset %s is consistent', (preset) => {
  expect(resolveLimits(preset)).toMatchObject(LIMIT_PRESETS[preset])
})

test('own limits win over the preset', () => {
  expect(resolveLimits('loadtest', { userBurst: 2_000_000 }).userBurst).toBe(2_000_000)
})

/** For each relation, in order, values that break it and nothing else. */
const BREAKING: readonly Partial<Limits>[] = [
  { submitWindow: 2 },
  { documentUnits: 2 ** 30 },
  { batchOperations: 2_000 },
  { batchBytes: 8 * 1024 * 1024 },
  { windowMs: 200_000 },
  { composeFrom: 20_000 },
  { composeBytes: 1024 * 1024 },
  { idleMarkMs: 1_000 },
  { hashMs: 4_500 },
  { roleCacheMs: 6_000 },
  { tickMs: 900, roleCacheMs: 900 },
  { roleStaleMs: 1_000 },
  { userBurst: 10 },
  { sessionLingerMs: 1_000 },
  { presenceSample: 200 },
  { presenceTtlMs: 6_000 },
  { snapshotsKept: 0.5 },
]

describe('relations', () => {
  test.each(LIMIT_RELATIONS.map(({ why }, i) => [why, i] as const))('%s', (why, i) => {
    expect(() => resolveLimits('default', BREAKING[i])).toThrow(`limits contradict each other: ${why}`)
  })

  test.each(['documentQueue', 'tickMs'] as LimitName[])('%s is above 0', (name) => {
    expect(() => resolveLimits('default', { [name]: 0 })).toThrow(`${name} must be above 0`)
    expect(() => resolveLimits('default', { [name]: Number.NaN })).toThrow(`${name} must be above 0`)
  })

  test('a server may close at once', () => {
    expect(resolveLimits('default', { drainMs: 0, closeMs: 0 })).toMatchObject({ drainMs: 0, closeMs: 0 })
  })
})
