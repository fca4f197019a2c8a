import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type HashVector, hashVectors, vectorContent } from '../testing/hash-vectors.ts'
import { Seeded } from '../testing/seeded.ts'
import { multiply, power, PRIME, reduce } from './hash-field.ts'
import { attributesLanes, BASE, EMPTY_HASH, hashFromBits, hashToBits } from './hash.ts'
import { DocumentText } from './text/document-text.ts'

const GOLDEN = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/hash.json'), 'utf8')) as HashVector[]

test('P3 content hash: the golden hashes are those of the naive implementation', () => {
  expect(GOLDEN).toEqual(hashVectors())
})

for (const { name, content, hash } of GOLDEN) {
  test(`golden hash: ${name}`, () => {
    expect(DocumentText.from(vectorContent(content)).hash()).toBe(hash)
  })
}

test('no two golden contents share a hash', () => {
  expect(new Set(GOLDEN.map(({ hash }) => hash)).size).toBe(GOLDEN.length)
})

test('the empty hash is not 0, which on the wire means left out', () => {
  expect(DocumentText.empty().hash()).toBe(EMPTY_HASH)
  expect(hashToBits(EMPTY_HASH)).toBe(0x0000000100000001n)
})

test('a hash survives the wire, leading zeros and high bits too', () => {
  for (const hash of [EMPTY_HASH, '00ab00000000000f', '7ffffffe7ffffffe']) expect(hashFromBits(hashToBits(hash))).toBe(hash)
})

test('arithmetic in doubles is exact', () => {
  const random = new Seeded(7)
  const edges = [0, 1, 2, 65535, 65536, PRIME - 2, PRIME - 1]
  const elements = [...edges, ...Array.from({ length: 300 }, () => random.int(PRIME))]
  const wrong = elements.flatMap((a) => elements.filter((b) => multiply(a, b) !== Number((BigInt(a) * BigInt(b)) % BigInt(PRIME))).map((b) => [a, b]))
  expect(wrong).toEqual([])
  for (const value of [...edges, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1]) expect(reduce(value)).toBe(value % PRIME)
})

test('both bases are primitive roots: powers repeat only beyond every document', () => {
  for (const base of [BASE.first, BASE.second]) {
    for (const factor of [2, 3, 7, 11, 31, 151, 331]) expect(power(base, (PRIME - 1) / factor)).not.toBe(1)
  }
})

test('negative zero hashes as the zero that it equals', () => {
  expect(attributesLanes([['size', -0]])).toEqual(attributesLanes([['size', 0]]))
})

test('an attribute that removes is no content', () => {
  expect(() => attributesLanes([['bold', null]])).toThrow(/null marks a removal/)
})
