import { expect, test } from 'vitest'
import { randomRun } from '../../test/random-run.ts'

const SEEDS = 20_000
const FIRST = Number(process.env['CONCORD_SEED'] ?? 100_000)

test(`R1 R3 R4 R5 R6 R8 R9 R10 R13 R14 R15 R16: ${SEEDS} seeds from CONCORD_SEED=${FIRST}`, { timeout: 600_000 }, () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    try {
      randomRun({ seed, steps: 150, clients: 2 + (seed % 3), undo: seed % 2 === 0, corrupt: seed % 5 === 0 })
    } catch (error) {
      expect.unreachable(`CONCORD_SEED=${seed}: ${String(error)}`)
    }
  }
})
