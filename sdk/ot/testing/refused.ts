import { component, DELETE, EMBED_KIND, INSERT, KEY_KIND, RETAIN, SET_KIND, tableComponent } from '../src/component.ts'
import type { InvalidCode } from '../src/invalid.ts'
import type { AttributeValue, Operation } from '../src/operation.ts'

export const retain = (length: number): number => component(length, RETAIN)
export const insert = (length: number): number => component(length, INSERT)
export const remove = (length: number): number => component(length, DELETE)
export const set = (index: number): number => tableComponent(index, SET_KIND)
const embedAt = (index: number): number => tableComponent(index, EMBED_KIND)
const key = (index: number): number => tableComponent(index, KEY_KIND)

const K1 = { user: 1, client: '0000000000000001' }
const K2 = { user: 2, client: '0000000000000002' }
const BOLD = [['bold', true]] as const
const RED = [['color', 'red']] as const

/** An operation on ten units. */
export const op = (components: readonly number[], rest: Partial<Operation> = {}): Operation => ({ baseLength: 10, components, text: '', attributes: [], embeds: [], keys: [], ...rest })
const withSet = (name: string, value: AttributeValue): Operation => op([set(1), retain(1)], { attributes: [[[name, value]]] })
const withEmbed = (type: string, data: string): Operation => op([embedAt(0)], { embeds: [{ type, data }] })
export const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))

/** What no server accepts, and why: once as a table for the test, once as vectors for other languages. */
export const REFUSED: readonly [what: string, operation: Operation, code: InvalidCode, field: string][] = [
  ['a negative base', op([], { baseLength: -1 }), 'out_of_range', 'base_length'],
  ['a base above 2^30', op([], { baseLength: 2 ** 30 }), 'out_of_range', 'base_length'],
  ['a base that is no whole number', op([], { baseLength: Number.NaN }), 'out_of_range', 'base_length'],
  ['a component that is no 32-bit number', op([2 ** 32]), 'malformed', 'components[0]'],
  ['a component that is no whole number', op([4.5]), 'malformed', 'components[0]'],
  ['table kind 3', op([15]), 'malformed', 'components[0]'],
  ['a set that is not in the table', op([set(1), retain(1)]), 'malformed', 'components[0]'],
  ['a key that is not in the table', op([key(1), insert(1)], { text: 'a' }), 'malformed', 'components[0]'],
  ['an embed that is not in the table', op([embedAt(0)]), 'malformed', 'components[0]'],
  ['more inserted than there is text', op([insert(2)], { text: 'a' }), 'malformed', 'components[0]'],
  ['text that nothing inserts', op([insert(1)], { text: 'ab' }), 'malformed', 'text'],
  ['text without a component', op([], { text: 'ab' }), 'malformed', 'text'],
  ['a retain beyond the base', op([retain(11), insert(1)], { text: 'a' }), 'out_of_range', 'components[0]'],
  ['a delete beyond the base', op([retain(5), remove(6)]), 'out_of_range', 'components[1]'],
  ['an empty retain', op([retain(0), remove(1)]), 'not_canonical', 'components[0]'],
  ['two retains', op([retain(1), retain(1), remove(1)]), 'not_canonical', 'components[1]'],
  ['two inserts', op([insert(1), insert(1)], { text: 'ab' }), 'not_canonical', 'components[1]'],
  ['two deletes', op([remove(1), remove(1)]), 'not_canonical', 'components[1]'],
  ['an insert behind a delete', op([remove(1), insert(1)], { text: 'a' }), 'not_canonical', 'components[1]'],
  ['an embed behind a delete', op([remove(1), embedAt(0)], { embeds: [{ type: 'a', data: '1' }] }), 'not_canonical', 'components[1]'],
  ['a plain retain at the end', op([remove(1), retain(1)]), 'not_canonical', 'components[1]'],
  ['a set that is current already', op([set(0), retain(1), remove(1)]), 'not_canonical', 'components[0]'],
  ['a set switched twice', op([set(1), set(2), retain(1)], { attributes: [BOLD, RED] }), 'not_canonical', 'components[1]'],
  ['a set before a delete', op([set(1), remove(1), retain(1)], { attributes: [BOLD] }), 'not_canonical', 'components[1]'],
  ['a set that nothing follows', op([retain(1), set(1)], { attributes: [BOLD] }), 'not_canonical', 'components[1]'],
  ['sets out of order', op([set(2), retain(1), set(1), retain(1)], { attributes: [BOLD, RED] }), 'not_canonical', 'components[1]'],
  ['an unused set', op([set(1), retain(1)], { attributes: [BOLD, RED] }), 'not_canonical', 'attributes[1]'],
  ['more entries than components', op([remove(1)], { attributes: [BOLD, RED] }), 'not_canonical', 'attributes'],
  ['two equal sets', op([set(1), retain(1), set(2), retain(1)], { attributes: [BOLD, [['bold', true]]] }), 'not_canonical', 'attributes'],
  ['an empty set', op([set(1), retain(1)], { attributes: [[]] }), 'not_canonical', 'attributes[0]'],
  ['names out of order', op([set(1), retain(1)], { attributes: [[['b', 1], ['a', 1]]] }), 'not_canonical', 'attributes[0]'],
  ['a name twice', op([set(1), retain(1)], { attributes: [[['a', 1], ['a', 2]]] }), 'not_canonical', 'attributes[0]'],
  ['negative zero', withSet('a', -0), 'not_canonical', 'attributes[0]'],
  ['embeds out of order', op([embedAt(1), embedAt(0)], { embeds: [{ type: 'a', data: '1' }, { type: 'b', data: '1' }] }), 'not_canonical', 'components[0]'],
  ['an unused embed', op([embedAt(0), remove(1)], { embeds: [{ type: 'a', data: '1' }, { type: 'b', data: '1' }] }), 'not_canonical', 'embeds[1]'],
  ['a key that is current already', op([key(0), insert(1)], { text: 'a', keys: [K1] }), 'not_canonical', 'components[0]'],
  ['a key before its set', op([insert(1), key(1), set(1), insert(1)], { text: 'ab', keys: [K1, K2], attributes: [BOLD] }), 'not_canonical', 'components[2]'],
  ['a key before a retain', op([insert(1), key(1), retain(1)], { text: 'a', keys: [K1, K2] }), 'not_canonical', 'components[2]'],
  ['keys out of order', op([key(1), insert(1), key(0), insert(1)], { text: 'ab', keys: [K1, K2] }), 'not_canonical', 'components[1]'],
  ['a key without an insert', op([remove(1)], { keys: [K1] }), 'not_canonical', 'keys[0]'],
  ['two equal keys', op([insert(1), key(1), insert(1)], { text: 'ab', keys: [K1, { ...K1 }] }), 'not_canonical', 'keys'],
  ['the lowest key alone', op([insert(1)], { text: 'a', keys: [{ user: 0, client: '0000000000000000' }] }), 'not_canonical', 'keys'],
  ['a client in capitals', op([insert(1)], { text: 'a', keys: [{ user: 1, client: '000000000000000A' }] }), 'key', 'keys[0]'],
  ['a negative user', op([insert(1)], { text: 'a', keys: [{ user: -1, client: '000000000000000a' }] }), 'key', 'keys[0]'],
  ['a lone surrogate in text', op([insert(1)], { text: '\ud83d' }), 'surrogate', 'text'],
  ['inserts that share a pair', op([insert(1), retain(1), insert(1)], { text: '😀' }), 'surrogate', 'components[0]'],
  ['a lone surrogate in a name', withSet('a\udc00', 1), 'surrogate', 'attributes[0]'],
  ['a lone surrogate in a value', withSet('a', '\ud800'), 'surrogate', 'attributes[0]'],
  ['a lone surrogate in embed data', withEmbed('a', '"\ud800"'), 'surrogate', 'embeds[0]'],
  ['an escaped lone surrogate in embed data', withEmbed('a', '"\\ud800"'), 'embed', 'embeds[0]'],
  ['data that is no JSON', withEmbed('a', '{'), 'embed', 'embeds[0]'],
  ['JSON that is not canonical', withEmbed('a', '{"b":1,"a":1}'), 'embed', 'embeds[0]'],
  ['a prototype in embed data', withEmbed('a', '{"__proto__":1}'), 'embed', 'embeds[0]'],
  ['a reserved embed type', withEmbed('constructor', '1'), 'embed', 'embeds[0]'],
  ['__proto__', withSet('__proto__', 1), 'attribute', 'attributes[0]'],
  ['constructor', withSet('constructor', 1), 'attribute', 'attributes[0]'],
  ['prototype', withSet('prototype', 1), 'attribute', 'attributes[0]'],
  ['an empty name', withSet('', 1), 'attribute', 'attributes[0]'],
  ['NUL in a name', withSet('a\0', 1), 'attribute', 'attributes[0]'],
  ['a control character in a name', withSet('a\u0085', 1), 'attribute', 'attributes[0]'],
  ['an infinite value', withSet('a', Infinity), 'attribute', 'attributes[0]'],
  ['null on an insert', op([set(1), insert(1)], { text: 'a', attributes: [[['a', null]]] }), 'attribute', 'components[1]'],
  ['null on an embed', op([set(1), embedAt(0)], { embeds: [{ type: 'a', data: '1' }], attributes: [[['a', null]]] }), 'attribute', 'components[1]'],
  ['100,000 components', op(many(100_000, (index) => (index % 2 === 0 ? retain(1) : remove(1))), { baseLength: 100_000 }), 'too_large', 'components'],
  ['65,537 units', op([insert(65_537)], { text: 'a'.repeat(65_537) }), 'too_large', 'text'],
  ['more than a document can hold', op([insert(1)], { baseLength: 2 ** 30 - 1, text: 'a' }), 'too_large', 'text'],
  ['10,000 attributes', op([set(1), retain(1)], { attributes: [many(10_000, (index) => [`a${String(index).padStart(5, '0')}`, 1] as const)] }), 'too_large', 'attributes[0]'],
  ['a name of 65 units', withSet('a'.repeat(65), 1), 'too_large', 'attributes[0]'],
  ['a value of 1 MB', withSet('a', 'x'.repeat(1_000_000)), 'too_large', 'attributes[0]'],
  ['embed data of 1 MB', withEmbed('a', `"${'x'.repeat(1_000_000)}"`), 'too_large', 'embeds[0]'],
]
