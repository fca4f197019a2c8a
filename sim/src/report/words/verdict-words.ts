import type { Verdict } from '../../run/run-result.ts'

/** What a verdict is called on pages. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = { pass: 'Passed', fail: 'Failed', unknown: 'Unknown', crashed: 'Crashed' }
