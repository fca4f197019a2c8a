import type * as Ot from '../src/index.ts'
import type { Operation } from '../src/operation.ts'
import { Seeded } from './seeded.ts'
import { format } from '../src/notation.ts'
import { NO_LIMITS } from '../src/limits.ts'
import { validate } from '../src/validate.ts'

/** What a law is held against: the package, or a mutant of it. */
export type Algebra = typeof Ot

/** One case of a law. What it notes is printed when the case fails. */
export interface Case {
  readonly random: Seeded
  note(name: string, operation: Operation): void
  /** Fails the case unless the two are the same string. */
  same(actual: string, expected: string, what: string): void
  /** Fails the case unless the operation is in canonical form; returns it. */
  canonical(operation: Operation, what: string): Operation
  holds(condition: boolean, what: string): void
}

/** A law runs one case, drawn from `c.random`, and throws when it does not hold. */
export type Law = (algebra: Algebra, c: Case) => void

/** A case that fails, with what is needed to run it again. */
export class LawBroken extends Error {}

/** Runs `cases` cases of a law; case i of a seed is always the same, however many run. */
export function holdLaw(name: string, law: Law, algebra: Algebra, cases: number, seed: number): void {
  for (let i = 0; i < cases; i++) {
    const notes: string[] = []
    try {
      law(algebra, makeCase(new Seeded(caseSeed(seed, i)), notes))
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new LawBroken(`law "${name}" is broken in case ${i} of CONCORD_SEED=${seed}: ${message}\n${notes.join('\n')}`, { cause: error })
    }
  }
}

function caseSeed(seed: number, index: number): number {
  return Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) >>> 0
}

function makeCase(random: Seeded, notes: string[]): Case {
  const fail = (what: string): never => {
    throw new Error(what)
  }
  return {
    random,
    note: (name, operation) => void notes.push(`const ${name} = parse(${operation.baseLength}, ${JSON.stringify(format(operation))})`),
    same: (actual, expected, what) => void (actual === expected || fail(`${what}:\n  ${actual}\nis not\n  ${expected}`)),
    canonical: (operation, what) => {
      const problem = validate(operation, NO_LIMITS)
      return problem === undefined ? operation : fail(`${what} is not canonical: ${problem.code} ${problem.field} ${problem.message} in ${JSON.stringify(operation)}`)
    },
    holds: (condition, what) => void (condition || fail(what)),
  }
}
