import { expect, test } from 'vitest'
import { EMPTY_HASH } from '../hash.ts'
import { NO_LIMITS } from '../limits.ts'
import { parse } from '../notation-parse.ts'
import type { Operation } from '../operation.ts'
import { OperationBuilder } from '../operation-builder.ts'
import { validate } from '../validate.ts'
import { DocumentText } from './document-text.ts'
import { editsLaw, failureLaw, hashLaw, invertLaw, runLaw, snapshotLaw } from '../../testing/text-laws.ts'

const QUICK_CASES = 4000

test('law: the document is what the naive model is', () => runLaw(editsLaw, QUICK_CASES))
test('law: snapshots and their sources go their own ways', () => runLaw(snapshotLaw, QUICK_CASES))
test('law: an operation and then its inverse restore content and hash', () => runLaw(invertLaw, QUICK_CASES))
test('R16 lengths: what does not fit fails and changes nothing', () => runLaw(failureLaw, QUICK_CASES))
test('P3 content hash: equal for equal contents, however they are cut, and another for others', () => runLaw(hashLaw, QUICK_CASES))

test('typing at one place, erasing into what stood before, going on elsewhere', () => {
  const document = filled('hello world')
  const steps = [
    ['5 +","', 'hello, world'],
    ['6 +" old"', 'hello, old world'],
    ['7 -3', 'hello,  world'],
    ['6 -1', 'hello, world'],
    ['5 -1', 'hello world'],
    ['5 +"s"', 'hellos world'],
    ['2 -4', 'he world'],
    ['2 -6', 'he'],
    ['+"x😀"', 'x😀he'],
    ['1 +y -2', 'xyhe'],
    ['2 -2', 'xy'],
    ['-1', 'y'],
  ] as const
  for (const [line, text] of steps) {
    apply(document, line)
    expect(document.snapshot().toString()).toBe(text)
  }
  const unread = filled('hello world')
  for (const [line] of steps) apply(unread, line)
  expect(unread.toString()).toBe('y')
})

test('an edit across many leaves, and one that empties the document', () => {
  const document = filled('0123456789'.repeat(1000))
  apply(document, '15 -9970')
  expect(document.toString()).toBe('012345678901234567890123456789'.slice(0, 15) + '567890123456789')
  apply(document, '-30')
  expect(document.toString()).toBe('')
  expect(document.hash()).toBe(EMPTY_HASH)
  apply(document, '+again')
  expect(document.toString()).toBe('again')
})

test('R16 lengths: failures say what is wrong and where', () => {
  const document = filled('a😀b')
  expect(document.apply(parse(3, '+x'))).toEqual({ code: 'length', expected: 3, actual: 4 })
  expect(document.apply({ ...parse(4, '3 -1'), components: [12, 10] })).toEqual({ code: 'length', expected: 5, actual: 4 })
  expect(document.apply(parse(4, '2 +x'))).toEqual({ code: 'surrogate', position: 2 })
  expect(document.apply(parse(4, '1 -1'))).toEqual({ code: 'surrogate', position: 2 })
  expect(document.apply({ ...parse(4, '+ab'), text: '\ude00x' })).toEqual({ code: 'surrogate', position: 0 })
  expect(document.toString()).toBe('a😀b')
})

test('half of a pair that was just typed is not erased either', () => {
  const document = filled('ab')
  apply(document, '1 +"x😀"')
  expect(document.apply(parse(5, '3 -1'))).toEqual({ code: 'surrogate', position: 3 })
  expect(document.apply(parse(5, '2 -1'))).toEqual({ code: 'surrogate', position: 3 })
  apply(document, '2 -2')
  expect(document.toString()).toBe('axb')
})

test('a document of surrogate pairs, emptied and edited again', () => {
  const document = filled('😀')
  apply(document, '2 +"😁"')
  expect(document.length).toBe(4)
  apply(document, '-4')
  expect(document.length).toBe(0)
  apply(document, '+"😂"')
  expect(document.apply(parse(2, '1 -1'))).toEqual({ code: 'surrogate', position: 1 })
  expect(document.toString()).toBe('😂')
})

test('numbers that do not fit text and tables are a broken invariant, found before anything changes', () => {
  const document = filled('abc')
  expect(() => document.apply({ ...parse(3, '1 +xy'), text: 'x' })).toThrow(/validate the operation first/)
  expect(() => document.apply({ ...parse(3, '1 +x{bold=true}'), attributes: [] })).toThrow(/validate the operation first/)
  expect(() => document.apply({ ...parse(3, '1 +<rule>'), embeds: [] })).toThrow(/validate the operation first/)
  expect(document.toString()).toBe('abc')
})

test('an inverse is refused where the operation does not fit', () => {
  expect(() => filled('abc').invert(parse(4, '-1'))).toThrow(RangeError)
})

test('what was bold before stays bold when making it bold is taken back', () => {
  const document = DocumentText.from(new OperationBuilder(0).insert('ab').insert('cd', { bold: true }).build())
  const bold = new OperationBuilder(4).retain(4, { bold: true }).build()
  const inverse = document.invert(bold)
  expect(document.apply(bold)).toBeUndefined()
  expect(document.apply(inverse)).toBeUndefined()
  expect([...document.runs()]).toEqual([
    { insert: 'ab', attributes: [] },
    { insert: 'cd', attributes: [['bold', true]] },
  ])
})

test('an iterator goes through the content as it was, whatever is edited meanwhile', () => {
  const document = filled('0123456789'.repeat(500))
  const frozen = document.toString()
  const chunks = document.chunks(700)
  const seen = [chunks.next().value as Operation]
  while (document.length > 0) {
    apply(document, `-${Math.min(document.length, 999)}`)
    const next = chunks.next()
    if (!next.done) seen.push(next.value)
  }
  for (const chunk of chunks) seen.push(chunk)
  expect(seen.map(({ text }) => text).join('')).toBe(frozen)
})

test('chunks stay below a frame, cut no pair, and are canonical', () => {
  const builder = new OperationBuilder(0)
  for (let i = 0; i < 300; i++) builder.insert('x'.repeat(i % 7) + '😀世'.repeat(40), { href: `https://example.org/${i}/${'y'.repeat(1900)}` })
  builder.insert('😀'.repeat(200_000)).insertEmbed({ type: 'image', data: JSON.stringify('z'.repeat(8000)) })
  const document = DocumentText.from(builder.build())
  const chunks = [...document.chunks()]
  for (const chunk of chunks) {
    expect(Buffer.byteLength(JSON.stringify(chunk))).toBeLessThan(256 * 1024 + 8 * chunk.components.length)
    expect(validate(chunk, NO_LIMITS)).toBeUndefined()
  }
  expect(chunks.length).toBeGreaterThan(5)
  expect(DocumentText.fromChunks(chunks).equals(document)).toBe(true)
})

test('a chunk of plain text fills a frame, whatever its script', () => {
  for (const [text, units] of [['abcdefgh', 240_000], ['äöüß', 120_000], ['漢字仮名', 80_000], ['😀😁', 120_000]] as const) {
    const [first] = filled(text.repeat(400_000 / text.length)).chunks()
    const bytes = Buffer.byteLength(first!.text)
    expect(bytes).toBeLessThan(256 * 1024)
    expect(first!.text.length).toBeGreaterThan(units * 0.9)
  }
})

test('content is refused where it is none, or where a part of it cuts a pair', () => {
  expect(() => DocumentText.from(parse(0, '+a 3'))).toThrow(RangeError)
  expect(() => DocumentText.from(parse(3, '+a'))).toThrow(RangeError)
  expect(() => filled('😀').content(1, 2)).toThrow(/surrogate pair/)
  expect(() => filled('abc').charCodeAt(3)).toThrow(RangeError)
})

test('equal is neither text alone nor hash alone', () => {
  const bold = DocumentText.from(new OperationBuilder(0).insert('ab', { bold: true }).build())
  expect(filled('ab').equals(bold)).toBe(false)
  expect(filled('ab').hash()).not.toBe(bold.hash())
  const embed = DocumentText.from(new OperationBuilder(0).insertEmbed({ type: 'rule', data: 'null' }).build())
  expect(filled('\uFFFC').equals(embed)).toBe(false)
  expect(filled('\uFFFC').toString()).toBe(embed.toString())
})

function filled(text: string): DocumentText {
  return DocumentText.from(new OperationBuilder(0).insert(text).build())
}

function apply(document: DocumentText, notation: string): void {
  expect(document.apply(parse(document.length, notation)), notation).toBeUndefined()
}
