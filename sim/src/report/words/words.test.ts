import { expect, test } from 'vitest'
import { amount, clip, count, difference, duration, list, moment, sentence } from './words.ts'

test('words: durations in the unit that suits them, moments always in seconds', () => {
  expect([0, 0.52, 12.34, 340, 1500, 12_345, 125_000, 3_600_000, 90_000_000].map(duration)).toEqual(['0 ms', '0.52 ms', '12.3 ms', '340 ms', '1.5 s', '12.3 s', '2 min 5 s', '1 h', '25 h'])
  expect([0, 26_340, 3_600_000.4567].map(moment)).toEqual(['0.0 s', '26.34 s', '3,600.0 s'])
})

test('words: numbers, counts and differences', () => {
  expect([0.123, 12.34, 1234.5, 1_000_000].map(amount)).toEqual(['0.12', '12.3', '1,235', '1,000,000'])
  expect([count(1, 'seed'), count(0, 'seed'), count(2, 'entry', 'entries')]).toEqual(['1 seed', '0 seeds', '2 entries'])
  expect([difference(100, 112), difference(100, 97), difference(0, 5), difference(undefined, 5)]).toEqual(['+12 %', '−3 %', '–', '–'])
})

test('words: names in a row, those beyond are counted', () => {
  expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c'])
  expect(list(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more')
})

test('words: sentences begin large and end once; what is cut shows that it is, and no character is halved', () => {
  expect([sentence('it held'), sentence('It held!')]).toEqual(['It held.', 'It held!'])
  expect([clip('abcd', 4), clip('abcde', 4), clip('ab\u{1F600}de', 4)]).toEqual(['abcd', 'abc…', 'ab…'])
})
