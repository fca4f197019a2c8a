import { expect, test } from 'vitest'
import { attributes, attributesName, equalAttributes } from './attributes.ts'
import { Interner } from './interner.ts'
import type { Attributes } from './operation.ts'

test('equal entries share an index, among a few and among many', () => {
  const interner = new Interner<Attributes>(equalAttributes, attributesName)
  const sets = Array.from({ length: 100 }, (_, i) => attributes({ n: i % 50, s: String(i % 50) }))
  expect(sets.map((set) => interner.indexOf(set))).toEqual(sets.map((_, i) => i % 50))
  expect(interner.entries).toHaveLength(50)
})

test('names of sets tell values of different types, and names that run into values, apart', () => {
  const sets = [{ a: '1' }, { a: 1 }, { a: true }, { a: 'true' }, { a: null }, { a: 'null' }, { a: '1;1:bs0:' }, { a: 1, b: '' }, { a1: '' }].map((record) => attributes(record))
  expect(new Set(sets.map(attributesName)).size).toBe(sets.length)
})
