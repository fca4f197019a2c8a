import { describe, test } from 'vitest'
import { holdLaw } from '../testing/law.ts'
import { LAWS } from '../testing/laws.ts'
import { testSeed } from '../testing/seeded.ts'
import * as algebra from './index.ts'

const CASES = 3_000
const seed = testSeed()

describe(`laws of the algebra, ${CASES} cases each, CONCORD_SEED=${seed}`, () => {
  for (const [name, law] of Object.entries(LAWS)) {
    test(name, () => holdLaw(name, law, algebra, CASES, seed))
  }
})
