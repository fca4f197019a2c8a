import { describe, expect, test } from 'vitest'
import { KEYS } from '../testing/generate.ts'
import { Seeded, testSeed } from '../testing/seeded.ts'
import { compose } from './compose.ts'
import { composeAll } from './compose-all.ts'
import { format } from './notation.ts'
import { parse } from './notation-parse.ts'
import type { Operation } from './operation.ts'
import { OperationBuilder } from './operation-builder.ts'
import { validate } from './validate.ts'

const composed = (baseLength: number, first: string, secondBase: number, second: string): string =>
  format(compose(parse(baseLength, first), parse(secondBase, second)))

const seed = testSeed()

/** Edits of a text without surrogate pairs, each at the place of the last one or, with some probability, anywhere. */
function edits(random: Seeded, count: number, baseLength: number, jumps: number): Operation[] {
  const operations: Operation[] = []
  for (let length = baseLength, place = 0; operations.length < count; ) {
    if (random.chance(jumps)) place = random.upTo(length)
    const builder = new OperationBuilder(length).key(random.pick(KEYS)).retain(place)
    const removed = random.chance(0.4) ? Math.min(random.upTo(30), length - place) : 0
    const text = removed > 0 && random.chance(0.7) ? '' : 'text'.slice(random.int(4))
    operations.push(builder.insert(text).delete(removed).build())
    length += text.length - removed
    place += text.length
  }
  return operations
}

describe('compose', () => {
  test.each([
    ['typing on is one insert', 5, '2 +a', 6, '3 +b', '2 +ab'],
    ['what is inserted and deleted was never there', 5, '2 +abc', 8, '3 -1', '2 +ac'],
    ['an insert stands before the delete at its place', 5, '2 -3', 2, '2 +a', '2 +a -3'],
    ['R13 keys keep their inserts apart', 0, '@1.0000000000000001 +a', 1, '1 @2.0000000000000001 +b', '@1.0000000000000001 +a @2.0000000000000001 +b'],
    ['R13 equal keys merge', 0, '@1.0000000000000001 +a', 1, '1 @1.0000000000000001 +b', '@1.0000000000000001 +ab'],
    ['no insert, no key', 0, '@1.0000000000000001 +a', 1, '-1', '.'],
    ['later attributes lie over earlier ones', 2, '2{a=1, b=1}', 2, '1{b=2, c=3}', '1{a=1, b=2, c=3} 1{a=1, b=1}'],
    ['a removal stays one, for the document below', 1, '1{a=1}', 1, '1{a=null}', '1{a=null}'],
    ['inserted text simply lacks what is removed', 0, '+x{a=1, b=2}', 1, '1{a=null}', '+x{b=2}'],
    ['a change of attributes of what is deleted is gone', 2, '2{a=1}', 2, '-1', '-1 1{a=1}'],
  ])('%s', (_, baseLength, first, secondBase, second, expected) => {
    expect(composed(baseLength, first, secondBase, second)).toBe(expected)
  })

  test('R16 lengths: refuses operations that do not follow each other, and says how long they are', () => {
    expect(() => composed(5, '+a', 5, '-1')).toThrow('leaves 6 units, the second one expects 5')
    expect(() => composeAll(Array.from({ length: 9 }, () => parse(5, '+a')))).toThrow('one operation leaves 6 units, the next one expects 5')
    const overrun: Operation = { ...parse(5, '-5'), components: [9 * 4 + 2] }
    expect(() => composeAll(Array.from({ length: 9 }, () => overrun))).toThrow('beyond its base length')
    expect(() => composeAll([])).toThrow('empty list')
  })

  test.each([
    ['+"😀"', '1 -1'],
    ['+"😀"', '1 +x'],
    ['+"😀"{a=1}', '1 -1'],
    ['+"😀"{a=1}', '1{b=1}'],
  ])('refuses %s, then %s: it cuts an inserted pair', (first, second) => {
    expect(() => composed(0, first, 2, second)).toThrow('surrogate pair')
  })

  test('lengths from 2^29 on do not become negative', () => {
    const length = 2 ** 30 - 3
    expect(composed(length, `${length - 1} +a`, length + 1, `${length - 2} -1`)).toBe(`${length - 2} +a -1`)
    const typing = Array.from({ length: 9 }, (_, i) => parse(length - 10 + i, `${length - 20 + i} +a`))
    expect(format(composeAll(typing))).toBe(`${length - 20} +aaaaaaaaa`)
  })
})

describe('composeAll', () => {
  test(`long lists, which fill and halve chunks, are the fold from the left, CONCORD_SEED=${seed}`, () => {
    const random = new Seeded(seed)
    for (let i = 0; i < 12; i++) {
      const operations = edits(random, 700, random.pick([0, 40, 3_000]), random.pick([0.05, 0.5, 1]))
      const all = composeAll(operations)
      expect(validate(all)).toBeUndefined()
      expect(all).toEqual(operations.slice(1).reduce(compose, operations[0]!))
    }
  })

  test('stretches of text among others, authors who type on from each other', () => {
    const operations: Operation[] = []
    for (let i = 0; i < 60; i++) {
      const builder = new OperationBuilder(i).key({ user: i < 30 ? 1 : 2, client: '0000000000000001' }).retain(i)
      operations.push(builder.insert('x', i % 25 === 24 ? { bold: true } : {}).build())
    }
    const all = composeAll(operations)
    expect(validate(all)).toBeUndefined()
    expect(all).toEqual(operations.slice(1).reduce(compose, operations[0]!))
  })
})
