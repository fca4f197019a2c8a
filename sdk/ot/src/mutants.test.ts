import { describe, expect, test } from 'vitest'
import { holdLaw, LawBroken } from '../testing/law.ts'
import { LAWS } from '../testing/laws.ts'
import { loadMutant, MUTANTS } from '../testing/mutants.ts'
import { testSeed } from '../testing/seeded.ts'

const CASES = 20_000
const seed = testSeed()

describe(`each planted mutant breaks the law it is named with, CONCORD_SEED=${seed}`, () => {
  for (const mutant of MUTANTS) {
    test(`${mutant.breaks}: ${mutant.rule}`, async () => {
      const algebra = await loadMutant(mutant)
      expect(() => holdLaw(mutant.breaks, LAWS[mutant.breaks], algebra, CASES, seed)).toThrow(LawBroken)
    })
  }

  test('the same bundle without a mutant breaks none of them', async () => {
    const algebra = await loadMutant()
    for (const name of new Set(MUTANTS.map((mutant) => mutant.breaks))) holdLaw(name, LAWS[name], algebra, 300, seed)
  })
})
