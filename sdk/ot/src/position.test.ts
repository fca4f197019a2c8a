import { describe, expect, test } from 'vitest'
import { parse } from './notation-parse.ts'
import { transformPosition, transformPositions, transformRange } from './position.ts'
import { overlap, touchedRanges } from './touched.ts'
import { slice } from './slice.ts'
import { split } from './split.ts'
import { format } from './notation.ts'
import { stamp } from './stamp.ts'

describe('positions', () => {
  const operation = parse(8, '2 +ab 1 -3 +<rule> 2')

  test.each([
    [0, 0, 0],
    [2, 2, 4],
    [3, 5, 6],
    [4, 6, 6],
    [6, 6, 6],
    [7, 7, 7],
    [8, 8, 8],
  ])('%i goes to %i on the left, %i on the right', (position, left, right) => {
    expect([transformPosition(position, operation, 'left'), transformPosition(position, operation, 'right')]).toEqual([left, right])
  })

  test('many in one pass, repeated ones too', () => {
    expect(transformPositions([0, 2, 2, 4, 8], operation, 'left')).toEqual([0, 2, 2, 6, 8])
    expect(transformPositions([0, 2, 2, 4, 8], operation, 'right')).toEqual([0, 4, 4, 6, 8])
    expect(transformPositions([], operation, 'left')).toEqual([])
  })

  test('a range leaves out what comes at its ends, or takes it in; a caret stays a caret', () => {
    const typing = parse(5, '1 +a 2 +b')
    expect(transformRange({ from: 1, to: 3 }, typing)).toEqual({ from: 2, to: 4 })
    expect(transformRange({ from: 1, to: 3 }, typing, 'outward')).toEqual({ from: 1, to: 5 })
    expect(transformRange({ from: 1, to: 1 }, typing)).toEqual({ from: 1, to: 1 })
    expect(transformRange({ from: 1, to: 3 }, parse(5, '-5'))).toEqual({ from: 0, to: 0 })
  })
})

describe('touched ranges', () => {
  test('deletes and changes of attributes as ranges, inserts as places', () => {
    expect(touchedRanges(parse(9, '1 +a 2 -1 1{b=1} 2 +c -1'))).toEqual([{ from: 1, to: 1 }, { from: 3, to: 5 }, { from: 7, to: 8 }])
    expect(touchedRanges(parse(9, '.'))).toEqual([])
  })

  test.each([
    ['both delete', '2 -4', '4 -4', [{ from: 4, to: 6 }]],
    ['both insert at one place', '3 +a', '3 +b', [{ from: 3, to: 3 }]],
    ['one inserts into what the other deletes', '2 -4', '3 +b', [{ from: 3, to: 3 }]],
    ['one inserts at the end of what the other deletes', '2 -4', '6 +b', []],
    ['side by side', '2 -2', '4 -2', []],
    ['two parts of one range', '-8', '1 -1 2 +a 1 -1', [{ from: 1, to: 2 }, { from: 4, to: 4 }, { from: 5, to: 6 }]],
  ])('overlap: %s', (_, a, b, expected) => {
    expect(overlap(parse(8, a), parse(8, b))).toEqual(expected)
    expect(overlap(parse(8, b), parse(8, a))).toEqual(expected)
  })
})

describe('parts', () => {
  test('slice refuses half a pair, what is outside, and what is no content', () => {
    const content = parse(0, '+"a😀b" +<rule>')
    expect(format(slice(content, 1, 3))).toBe('+"😀"')
    expect(format(slice(content, 3, 5))).toBe('+b +<rule>')
    expect(() => slice(content, 0, 2)).toThrow('surrogate pair')
    expect(() => slice(content, 2, 4)).toThrow('surrogate pair')
    expect(() => slice(content, 4, 6)).toThrow('4 to 6 is no range')
    expect(() => slice(content, 3, 1)).toThrow('no range')
    expect(() => slice(parse(1, '-1'), 0, 0)).toThrow('empty document')
  })

  test('R18 split: what fits is not split, what does not is cut between characters', () => {
    const operation = parse(3, '1 +"abc😀" -1 1{b=1}')
    expect(split(operation)).toEqual([operation, undefined])
    const [head, rest] = split(operation, { components: 10, insertedUnits: 4 })
    expect([format(head), format(rest!)]).toEqual(['1 +abc', '4 +"😀" -1 1{b=1}'])
    expect(() => split(operation, { components: 3, insertedUnits: 4 })).toThrow('room for 4 components')
  })

  test('R18 split: 64 KiB of text of three bytes each stays below 200 KiB', () => {
    const [head, rest] = split(stamp(parse(0, `+"${'漢'.repeat(100_000)}"`), { user: 1, client: '0000000000000001' }))
    expect([head.text.length, rest?.text.length]).toEqual([65_536, 34_464])
  })
})
