import { describe, expect, test } from 'vitest'
import { randomRun, type RunOptions } from '../../test/random-run.ts'
import { RULES } from './rules.ts'
import { RULES_OFF } from './rules-off.ts'

const SEEDS = 400
const FIRST = Number(process.env['CONCORD_SEED'] ?? 1)

/** Rules whose switch shows in a case of its own, in rules.test.ts. */
const SHOWN_ELSEWHERE: readonly string[] = ['R4 grouping', 'R9 undo', 'R16 in step', 'R18 split']

function options(seed: number): RunOptions {
  return { seed, steps: 150, clients: 2 + (seed % 3), undo: seed % 2 === 0, corrupt: seed % 5 === 0 }
}

/** The first seed that fails, with its message; undefined when none does. */
function firstFailure(rules: RunOptions['rules'] = RULES): { readonly seed: number; readonly message: string } | undefined {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    try {
      randomRun({ ...options(seed), rules })
    } catch (error) {
      return { seed, message: String(error) }
    }
  }
  return undefined
}

describe('several clients, cuts, crashes, rejects, contents, lost logs', () => {
  test(`R1 R3 R4 R5 R6 R8 R9 R10 R13 R14 R15 R16: every replica equals the fold of the log, nothing typed is lost or doubled (CONCORD_SEED=${FIRST}, ${SEEDS} seeds)`, () => {
    expect(firstFailure()).toBeUndefined()
  })

  test.each(Object.keys(RULES_OFF).filter((rule) => !SHOWN_ELSEWHERE.includes(rule)))('%s: switched off, a run fails', (rule) => {
    expect(firstFailure({ ...RULES, ...RULES_OFF[rule] })).toBeDefined()
  })
})
