import { suite } from './vitest.shared.ts'

/** `make sim`: the corpus of seeds and a short campaign, on both cores. */
export default suite({ include: ['sim/**/*.sim.test.ts'], testTimeout: 600_000 })
