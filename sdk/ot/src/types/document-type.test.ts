import { expect, test } from 'vitest'
import type { Cell } from '../../testing/naive-text.ts'
import { naiveApply } from '../../testing/naive-text.ts'
import { randomContent, randomOperation } from '../../testing/random-edits.ts'
import { Seeded, testSeed } from '../../testing/seeded.ts'
import type { Operation } from '../operation.ts'
import { DOCUMENT_TYPE_NAMES, documentType, isDocumentTypeName } from './document-type.ts'

/** Each type brings its own random cases; a type without them does not compile. */
const CASES: Record<(typeof DOCUMENT_TYPE_NAMES)[number], (random: Seeded) => { content: Operation; left: Operation; right: Operation }> = {
  text: (random) => {
    const content = randomContent(random, 20)
    const outcome = naiveApply([], content) as { cells: readonly Cell[] }
    return { content, left: randomOperation(random, outcome.cells), right: randomOperation(random, outcome.cells) }
  },
}

for (const name of DOCUMENT_TYPE_NAMES) {
  test(`document type ${name} keeps the laws of document types`, () => {
    const seed = testSeed()
    for (let i = 0; i < 500; i++) holdsLaws(name, seed + i)
  })
}

test('names of the registry are known, others, inherited ones too, are not', () => {
  expect(DOCUMENT_TYPE_NAMES).toEqual(['text'])
  expect(isDocumentTypeName('text')).toBe(true)
  for (const name of ['', 'Text', 'json', 'toString', '__proto__']) expect(isDocumentTypeName(name)).toBe(false)
})

function holdsLaws(name: (typeof DOCUMENT_TYPE_NAMES)[number], seed: number): void {
  const type = documentType(name)
  const again = `again with CONCORD_SEED=${seed}`
  const { content, left, right } = CASES[name](new Seeded(seed))
  const document = type.fromChunks([content])
  const inverse = type.invert(document, left)
  const [left2, right2] = type.transform(left, right)
  const [one, other, composed] = [type.snapshot(document), type.snapshot(document), type.snapshot(document)]
  for (const operation of [left, right2]) expect(type.apply(one, operation), again).toBeUndefined()
  for (const operation of [right, left2]) expect(type.apply(other, operation), again).toBeUndefined()
  expect(type.apply(composed, type.composeAll([left, right2])), again).toBeUndefined()
  expect([type.equals(one, other), type.equals(one, composed), type.hash(other), type.hash(composed)], again).toEqual([true, true, type.hash(one), type.hash(one)])
  expect([type.lengthBefore(left), type.lengthAfter(right2)], again).toEqual([type.length(document), type.length(one)])
  expect(type.transformOver([left], right), again).toEqual(right2)
  const restored = type.snapshot(document)
  type.apply(restored, type.compose(left, inverse))
  expect([type.equals(restored, document), type.hash(restored)], again).toEqual([true, type.hash(document)])
  expect(type.equals(type.fromChunks(type.chunks(one)), type.fromChunks([type.content(one)])), again).toBe(true)
  expect([type.validate(left), type.isEmpty(type.diff(type.content(one), type.content(other)))], again).toEqual([undefined, true])
}
