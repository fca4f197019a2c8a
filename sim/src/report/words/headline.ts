import type { RunResult, Verdict } from '../../run/run-result.ts'
import { clip, sentence } from './words.ts'

const MEANINGS: Readonly<Record<Verdict, string>> = {
  pass: 'Every promise held and every service level was met.',
  fail: 'A promise was broken or a service level was missed.',
  unknown: 'The run could not tell: neither a pass nor a failure.',
  crashed: 'The simulator or the code under test threw before the run was over.',
}

/** Checkers that say what a scenario wanted to see, not what is always promised. */
const WANTED = new Map([
  ['service levels', 'A service level was missed'],
  ['seen', 'The run did not show what it was made for'],
])

/** What came of a run, in one sentence. The name of a checker says nothing to whoever does not know it; what it watches does. */
export function headline({ verdict, because, violations }: Pick<RunResult, 'verdict' | 'because' | 'violations'>): string {
  const [violation] = violations
  const [first = ''] = because.split('\n')
  if (violation === undefined || !first.startsWith(`${violation.checker}: `)) return sentence(clip(first, 400) || MEANINGS[verdict])
  return sentence(clip(`${WANTED.get(violation.checker) ?? 'A promise was broken'}: ${violation.message}`, 400))
}
