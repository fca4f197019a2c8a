import { describe, expect, test } from 'vitest'
import { Seeded } from '../testing/seeded.ts'
import { compose } from './compose.ts'
import { diff } from './diff.ts'
import { equals } from './measure.ts'
import { format } from './notation.ts'
import { parse } from './notation-parse.ts'
import { OperationBuilder } from './operation-builder.ts'

const content = (line: string) => parse(0, line)
const text = (words: string) => new OperationBuilder(0).insert(words).build()

describe('R6 diff', () => {
  test.each([
    ['a letter in a word', '+hello', '+helloo', '5 +o'],
    ['words in a sentence', '+"the quick brown fox"', '+"the slow brown dog"', '4 +slow -5 7 +dog -3'],
    ['nothing', '+same', '+same', '.'],
    ['attributes in place', '+ab{bold=true} +cd', '+ab +cd{color="red"}', '2{bold=null} 2{color="red"}'],
    ['emoji that share a half', '+"😀"', '+"😁"', '+"😁" -2'],
    ['embeds by what they hold', '+<a 1> +x', '+<a 2> +x', '+<a 2> -1'],
    ['text that looks like an embed', '+"\\u{fffc}"', '+<a 1>', '+<a 1> -1'],
    ['everything', '.', '+new', '+new'],
  ])('%s', (_, before, after, expected) => {
    expect(format(diff(content(before), content(after))).replaceAll('\ufffc', '\\u{fffc}')).toBe(expected)
  })

  test('many lines with few changes keep what is the same', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a long document`)
    const changed = lines.map((line, i) => (i % 2_000 === 7 ? `${line}, changed` : line))
    const [before, after] = [text(lines.join('\n')), text(changed.join('\n'))]
    const difference = diff(before, after)
    expect(compose(before, difference)).toEqual(after)
    expect(difference.text).toBe(', changed'.repeat(10))
  })

  test('work is bounded: two texts with nothing in common are replaced, not searched for a script', () => {
    const random = new Seeded(1)
    const noise = (): string => Array.from({ length: 300_000 }, () => random.pick(['a', 'b', ' ', '\n'])).join('')
    const [before, after] = [text(noise()), text(noise())]
    expect(equals(compose(before, diff(before, after)), after)).toBe(true)
  })

  test('refuses what is no content', () => {
    expect(() => diff(parse(1, '.'), content('.'))).toThrow('a content applies to the empty document')
  })
})
