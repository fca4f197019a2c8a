import type { Verdict } from './run-result.ts'

/** First what is certain: a broken promise, then a crash, then what could not be told. */
const WORST_FIRST: readonly Verdict[] = ['fail', 'crashed', 'unknown']

/** What several runs come to together. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'pass'
}
