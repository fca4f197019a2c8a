import { describe, expect, test } from 'vitest'
import { format } from './notation.ts'
import { parse } from './notation-parse.ts'

describe('notation', () => {
  test.each([
    [8, '5 +ab -3'],
    [8, '.'],
    [3, '+"two words" -3'],
    [9, '2{bold=true, size=-1.5e-7} +x{color="red"} 1 -1 2{bold=null}'],
    [1, '+<rule> +<image "{\\"url\\":\\"a.png\\"}">{alt="x"}'],
    [2, '@3.00000000000000a1 +a @4.0000000000000001 +b 1 @3.00000000000000a1 +c'],
    [2, '@3.00000000000000a1 +a @0.0000000000000000 +b'],
    [0, '+"tab\\t line\\n quote\\" back\\\\ joiner\\u{200d} tag\\u{e0041} é😀"'],
    [0, '+a{"data-x"=false, "ein name"=""}'],
  ])('%i units: %s', (baseLength, line) => {
    expect(format(parse(baseLength, line))).toBe(line)
  })

  test('reads what is not canonical and makes it so', () => {
    expect(format(parse(11, '2 3 -1 +a -2 +"b" 3'))).toBe('5 +ab -3')
    expect(format(parse(3, ''))).toBe('.')
  })

  test.each([
    ['5 +', 'a word or quoted text at 3'],
    ['5  +a', 'a number at 2'],
    ['5 +a\n', 'a space and another step, or the end at 4'],
    ['+"open', 'closing quote'],
    ['+"\\x"', 'escapes'],
    ['+"\\u{110000}"', 'no character'],
    ['+"\\u{d800}"', 'lone surrogate'],
    ['1{a}', '"=" at 3'],
    ['1{a=red}', 'true, false, null, a number or quoted text at 4'],
    ['1{a=1', '"}" at 5'],
    ['@3.a +x', 'a tie key'],
    ['+<image', '">"'],
    ['9', 'overrun'],
  ])('refuses %s', (line, message) => {
    expect(() => parse(5, line)).toThrow(message)
    expect(() => parse(5, line)).toThrow(RangeError)
  })
})
