import { describe, expect, test } from 'vitest'
import { firstFailure } from './campaign.ts'
import { MUTANTS } from './mutants.ts'

/** Each rule switched off must make the protocol test fail within 1,000 seeds; the search begins where it failed when it was written. */
describe('a protocol without', () => {
  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s fails', { timeout: 300_000 }, async (_name, { options, seed }) => {
    const failure = await firstFailure(seed, 1_000, options)
    expect(failure?.wrong ?? []).not.toEqual([])
  })
})
