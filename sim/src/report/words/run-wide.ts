import type { Violation } from '../../checkers/checker.ts'

/** What is judged over a run as a whole, when it is over: there is no moment at which it happened. */
const RUN_WIDE: ReadonlySet<string> = new Set(['service levels', 'seen'])

export function isRunWide({ checker }: Violation): boolean {
  return RUN_WIDE.has(checker)
}

/** The first violation that happened at a moment. */
export function firstInTime(violations: readonly Violation[]): Violation | undefined {
  return violations.find((violation) => !isRunWide(violation))
}
