import { expect, test } from 'vitest'
import { headline } from './headline.ts'

const failed = (checker: string) => ({ verdict: 'fail' as const, because: `${checker}: two came back\n  at x`, violations: [{ checker, message: 'two came back', at: 1, seq: 1 }] })

test.each([
  ['once', 'A promise was broken: two came back.'],
  ['service levels', 'A service level was missed: two came back.'],
  ['seen', 'The run did not show what it was made for: two came back.'],
])('headline: what %s found, without its name', (checker, words) => {
  expect(headline(failed(checker))).toBe(words)
})

test('headline: of a run that crashed after a violation, the crash', () => {
  expect(headline({ ...failed('once'), verdict: 'crashed', because: 'Error: no\n  at x' })).toBe('Error: no.')
})

test('headline: a result that gives no reason', () => {
  expect(headline({ verdict: 'pass', because: '', violations: [] })).toBe('Every promise held and every service level was met.')
})
