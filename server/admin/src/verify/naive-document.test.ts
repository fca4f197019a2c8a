import { create } from '@bufbuild/protobuf'
import { OperationSchema } from '@concord/proto'
import { expect, test } from 'vitest'
import { DoesNotFit, NaiveDocument } from './naive-document.ts'

const retain = (length: number) => length * 4
const insert = (length: number) => length * 4 + 1
const remove = (length: number) => length * 4 + 2
const set = (index: number) => (index * 4) * 4 + 3
const embed = (index: number) => (index * 4 + 1) * 4 + 3

function written(text: string): NaiveDocument {
  const document = new NaiveDocument()
  document.apply(create(OperationSchema, { components: [insert(text.length)], text }))
  return document
}

test('walks: retain, insert, delete, attributes, embeds', () => {
  const document = written('hello world')
  const bold = { attributes: [{ name: 'bold', value: { case: 'flag' as const, value: true } }] }
  document.apply(create(OperationSchema, { baseLength: 11, components: [set(1), retain(5), set(0), insert(1), embed(0), remove(6)], text: ',', attributes: [bold], embeds: [{ type: 'image', data: '{}' }] }))
  expect(document.text()).toBe('hello,\ufffc')
  expect(document.length).toBe(7)
  expect(document.differsAt(written('hello,\ufffc'))).toBe(0)
})

test('a large document is cut into blocks and keeps its text and hash', () => {
  const document = new NaiveDocument()
  let expected = ''
  for (let i = 0; i < 2_000; i++) {
    const at = (i * 7919) % (expected.length + 1)
    const text = `word ${i} `
    document.apply(create(OperationSchema, { baseLength: expected.length, components: at === 0 ? [insert(text.length)] : [retain(at), insert(text.length)], text }))
    expected = expected.slice(0, at) + text + expected.slice(at)
    if (i % 3 !== 2) continue
    const from = (i * 104_729) % (expected.length - 4)
    document.apply(create(OperationSchema, { baseLength: expected.length, components: from === 0 ? [remove(4)] : [retain(from), remove(4)] }))
    expected = expected.slice(0, from) + expected.slice(from + 4)
  }
  expect(document.text()).toBe(expected)
  expect(document.hash()).toBe(written(expected).hash())
})

test.each([
  ['another length', { baseLength: 4, components: [remove(1)] }],
  ['past the end', { baseLength: 3, components: [remove(4)] }],
  ['retain past the end', { baseLength: 3, components: [retain(4), insert(1)], text: 'x' }],
  ['too little text', { baseLength: 3, components: [insert(2)], text: 'x' }],
  ['text left over', { baseLength: 3, components: [insert(1)], text: 'xy' }],
  ['no such attribute set', { baseLength: 3, components: [set(1), retain(1)] }],
  ['no such embed', { baseLength: 3, components: [embed(0)] }],
])('refuses an operation that does not fit: %s', (_, operation) => {
  expect(() => written('abc').apply(create(OperationSchema, operation))).toThrow(DoesNotFit)
})
