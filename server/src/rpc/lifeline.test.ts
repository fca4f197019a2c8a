import { describe, expect, test } from 'vitest'
import type { Identity } from '../ports/index.ts'
import { checkEdgeLimits, EDGE_LIMITS } from './edge-limits.ts'
import { Lifeline } from './lifeline.ts'

const HOUR = 3_600_000
const identity: Identity = { kind: 'identity', tenant: 'local', userId: 'ada', name: 'Ada', audience: 'concord', expiresAt: 1_000_000 }

function lifeline(chance = 0.5): Lifeline {
  return new Lifeline(EDGE_LIMITS, identity, 0, chance)
}

describe('how long a stream lives', () => {
  test('as long as its token and the grace', () => {
    expect(lifeline().over(0, 1_025_000)).toBeUndefined()
    expect(lifeline().over(0, 1_025_001)?.reason).toBe('TOKEN_EXPIRED')
    const renewed = lifeline()
    renewed.identity = { ...identity, expiresAt: 2_000_000 }
    expect(renewed.over(0, 1_025_001)).toBeUndefined()
  })

  test('five minutes of silence', () => {
    const life = lifeline()
    life.touchedAt = 10_000
    expect(life.over(310_000, 0)).toBeUndefined()
    expect(life.over(310_001, 0)?.reason).toBe('IDLE_TIMEOUT')
  })

  test('an hour, a tenth more or less by chance', () => {
    for (const [chance, age] of [[0, 0.9], [0.5, 1], [0.999_999, 1.1]] as const) {
      const life = lifeline(chance)
      const end = age * HOUR
      life.touchedAt = end
      expect(life.over(end - 2, 0)).toBeUndefined()
      expect(life.over(end + 2, 0)).toMatchObject({ reason: 'DRAINING', retryAfterMs: 0 })
    }
  })
})

describe('relations between limits', () => {
  test('the defaults hold', () => expect(checkEdgeLimits(EDGE_LIMITS)).toBeUndefined())

  test.each([{ writeBytes: 2 ** 21 }, { sessionMemoryMb: 1 }, { firstMessageMs: 400_000 }, { headersMs: 60_000 }, { pongMs: 30_000 }, { pingMs: 299_000 }, { idleMs: 2 * HOUR }, { ageJitter: 1 }, { sweepMs: 6_000 }])('%o does not', (broken) => {
    expect(checkEdgeLimits({ ...EDGE_LIMITS, ...broken })).toBeTypeOf('string')
  })
})
