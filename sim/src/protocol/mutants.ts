import { RULES_OFF } from '@concord/client/testing'
import { composeAll, transform, unstamp } from '@concord/ot'
import type { ServerRules } from '@concord/server/core/rules'
import type { RunOptions } from './run-seed.ts'

/** A rule switched off, on one side. */
export interface Mutant {
  /** Begins with the rule's number. */
  readonly name: string
  readonly options: RunOptions
  /** Where it was caught when this was written: the search of `make test` begins there, the long one at 1. */
  readonly seed: number
}

/** Seeds of those that are caught late. */
const FIRST_SEEDS: Readonly<Record<string, number>> = {
  'R2 open does not wait for what is undecided (server)': 51,
  'R2 submits of replaced sessions are taken (server)': 581,
  'R5 resync (client)': 914,
  'R13 inserts carry no key (server)': 53,
  'R14 what became empty has no version (server)': 39,
  'R15 every version is taken for an ancestor (server)': 245,
}

function mutant(name: string, options: RunOptions): Mutant {
  return { name, options, seed: FIRST_SEEDS[name] ?? 1 }
}

const SERVER_RULES_OFF: Readonly<Record<string, Partial<ServerRules>>> = {
  'R2 open does not wait for what is undecided': { openWaitsFor: () => false },
  'R2 submits of replaced sessions are taken': { refusesReplaced: () => false },
  'R4 catch-up is composed past own commits': { stepwiseUntil: (from) => from },
  'R4 stale submits are transformed over a composition': {
    passOver: (committed, incoming) => (committed.length === 0 ? incoming : transform(composeAll(committed), incoming)[1]),
  },
  'R7 committed submits are not recognised': { isCommitted: () => false, isIgnored: () => false },
  'R7 the running append is not looked at': { isRunning: () => false },
  'R7 the forming batch is not looked at': { isForming: () => false },
  'R8 lower numbers are taken': { isIgnored: () => false },
  'R13 inserts carry no key': { stamped: (operation) => unstamp(operation) },
  'R14 what became empty has no version': { commitsEmptied: false },
  'R17 client ids with a session expire': { mayExpire: () => true },
  'R15 every version is taken for an ancestor': { isAncestor: () => true },
}

/** Both sides look at the same thing, so that one of them alone is not missed. */
const BOTH_OFF: readonly Mutant[] = [
  mutant('R4 own commits inside groups (both)', { client: RULES_OFF['R4 grouping']!, server: { stepwiseUntil: (from) => from } }),
  mutant('R16 lengths and hashes (both)', { client: RULES_OFF['R16 in step']!, server: { lengthMatches: () => true } }),
]

export const MUTANTS: readonly Mutant[] = [
  ...BOTH_OFF,
  ...Object.entries(RULES_OFF)
    .filter(([name]) => name !== 'R4 grouping' && name !== 'R16 in step')
    .map(([name, client]) => mutant(`${name} (client)`, { client })),
  ...Object.entries(SERVER_RULES_OFF).map(([name, server]) => mutant(`${name} (server)`, { server })),
]
