import { describe, expect, test } from 'vitest'
import { attributes } from './attributes.ts'
import { MAX_LENGTH } from './component.ts'
import { embed } from './embed.ts'
import { equals, identity, isEmpty, lengthAfter } from './measure.ts'
import { format } from './notation.ts'
import { OperationBuilder } from './operation-builder.ts'
import { OPERATION_LIMITS } from './limits.ts'
import { validate } from './validate.ts'

describe('OperationBuilder', () => {
  test('R19 canonical: pieces merge, empty steps vanish, inserts stand before deletes, the plain end is left out', () => {
    const operation = new OperationBuilder(12).retain(2).retain(3).delete(1).insert('a').delete(2).insert('').insert('b').retain(0).retain(4).build()
    expect(format(operation)).toBe('5 +ab -3')
    expect(operation).toEqual({ baseLength: 12, components: [20, 9, 14], text: 'ab', attributes: [], embeds: [], keys: [] })
  })

  test('R13 keys: inserts of different keys stay apart, a key that returns is listed once', () => {
    const [one, two] = [{ user: 1, client: '0000000000000001' }, { user: 2, client: '0000000000000002' }]
    const operation = new OperationBuilder(0).key(one).insert('a').key(two).insert('b').key(one).insert('c').insert('d').build()
    expect(operation.keys).toEqual([one, two])
    expect(format(operation)).toBe('@1.0000000000000001 +a @2.0000000000000002 +b @1.0000000000000001 +cd')
  })

  test('attributes: sorted, unique, equal sets once; null on an insert is an attribute it does not have', () => {
    const operation = new OperationBuilder(2).retain(1, { b: null, a: 1 }).insert('x', { a: 1, c: null }).retain(1, [['a', 2], ['b', null], ['a', 1]]).build()
    expect(operation.attributes).toEqual([[['a', 1], ['b', null]], [['a', 1]]])
    expect(format(operation)).toBe('1{a=1, b=null} +x{a=1} 1{a=1, b=null}')
  })

  test('lengths up to 2^30 - 1 survive the packed form', () => {
    const operation = new OperationBuilder(MAX_LENGTH).retain(MAX_LENGTH - 1).delete(1).build()
    expect(format(operation)).toBe(`${MAX_LENGTH - 1} -1`)
    expect(lengthAfter(operation)).toBe(MAX_LENGTH - 1)
    expect(validate(operation)).toBeUndefined()
    expect(() => new OperationBuilder(MAX_LENGTH).insert('a')).toThrow(RangeError)
  })

  test.each<[string, (builder: OperationBuilder) => unknown, RegExp]>([
    ['more than the base has', (builder) => builder.retain(3).delete(3), /overrun the base length 5/],
    ['a negative length', (builder) => builder.delete(-1), /-1 is not a length/],
    ['half a unit', (builder) => builder.retain(0.5), /0.5 is not a length/],
    ['a lone surrogate', (builder) => builder.insert('\ud83d'), /lone surrogate/],
    ['a reserved name', (builder) => builder.insert('a', [['__proto__', 1]]), /reserved/],
    ['a control character in a name', (builder) => builder.retain(1, { 'a\0': 1 }), /control/],
    ['a value that is no value', (builder) => builder.retain(1, { a: Number.NaN }), /finite/],
    ['data that is not canonical JSON', (builder) => builder.insertEmbed({ type: 'a', data: '{"b":1, "a":1}' }), /canonical JSON/],
    ['a key that is none', (builder) => builder.key({ user: -1, client: '0000000000000001' }), /tie key/],
  ])('throws for %s', (_, step, message) => {
    expect(() => step(new OperationBuilder(5))).toThrow(message)
    expect(() => step(new OperationBuilder(5))).toThrow(RangeError)
  })

  test('identity is the operation of nobody', () => {
    expect(isEmpty(identity(5))).toBe(true)
    expect(equals(identity(5), new OperationBuilder(5).retain(5).build())).toBe(true)
    expect(equals(identity(5), identity(6))).toBe(false)
  })
})

describe('attributes', () => {
  test('a record from JSON cannot reach a prototype', () => {
    expect(() => attributes(JSON.parse('{"__proto__": 1}') as Record<string, number>)).toThrow('reserved')
    expect(() => attributes({ constructor: 'x' } as never)).toThrow('reserved')
    expect(attributes(Object.assign(Object.create(null) as object, { b: 1, a: true }))).toEqual([['a', true], ['b', 1]])
  })

  test('a set that is in order already is not copied; negative zero becomes 0', () => {
    const set = attributes({ a: 1 })
    expect(attributes(set)).toBe(set)
    expect(Object.is(attributes([['a', -0]])[0]![1], 0)).toBe(true)
  })
})

describe('embed', () => {
  test('equal data is an equal string', () => {
    expect(embed('image', { width: 1.0, alt: 'x' })).toEqual({ type: 'image', data: '{"alt":"x","width":1}' })
    expect(embed('rule')).toEqual({ type: 'rule', data: 'null' })
  })

  test('refuses data that would reach a prototype, hide half a pair, or overflow the stack of a peer', () => {
    expect(() => embed('a', JSON.parse('{"__proto__":1}') as never)).toThrow('canonical JSON')
    expect(() => embed('a', ['\ud83d'])).toThrow('canonical JSON')
    const deep = '['.repeat(OPERATION_LIMITS.embedDataLength / 2) + ']'.repeat(OPERATION_LIMITS.embedDataLength / 2)
    expect(() => validate({ baseLength: 0, components: [7], text: '', attributes: [], embeds: [{ type: 'a', data: deep }], keys: [] })).not.toThrow()
  })
})
