import type { Operation } from '../src/operation.ts'
import { LOWEST_KEY } from '../src/tie-key.ts'
import { documentOf, type Draw, KEYS, randomContent, randomSequence } from './generate.ts'
import type { Case, Law } from './law.ts'
import { after } from './laws-transform.ts'
import { applyNaively, describe, type NaiveDocument } from './naive-document.ts'

function drawSequence(c: Case, length: number, draw: Draw = {}): { content: Operation; document: NaiveDocument; operations: Operation[] } {
  const content = randomContent(c.random)
  const document = documentOf(content)
  const operations = randomSequence(c.random, document, length, c.random.chance(0.5) ? [LOWEST_KEY] : [LOWEST_KEY, ...KEYS], draw)
  c.note('content', content)
  operations.forEach((operation, i) => c.note(`operation${i}`, operation))
  return { content, document, operations }
}

/** `apply(d, compose(a, b))` is `apply(apply(d, a), b)`, key by key; the result is in canonical form. */
export const composeApplies: Law = (algebra, c) => {
  const { document, operations } = drawSequence(c, 2)
  const [a, b] = operations as [Operation, Operation]
  const composed = c.canonical(algebra.compose(a, b), 'the composition')
  c.same(after(document, composed), after(document, a, b), 'composed, against one after the other')
}

/** To the letter of canonical form, because inserts stand before deletes and nothing else is free. */
export const composeAssociates: Law = (algebra, c) => {
  const [a, b, d] = drawSequence(c, 3).operations as [Operation, Operation, Operation]
  const left = algebra.compose(algebra.compose(a, b), d)
  const right = algebra.compose(a, algebra.compose(b, d))
  c.same(JSON.stringify(left), JSON.stringify(right), '(ab)c, against a(bc)')
}

/** The balanced fold is the fold, for text alone, for all there is, and for stretches of both. */
export const composeAllFolds: Law = (algebra, c) => {
  const { operations } = c.random.chance(0.5) ? drawSequence(c, 1 + c.random.int(8)) : drawSequence(c, 8 + c.random.int(16), { plain: true })
  if (c.random.chance(0.1)) operations.push(algebra.identity(algebra.lengthAfter(operations.at(-1)!)))
  const folded = operations.slice(1).reduce((a, b) => algebra.compose(a, b), operations[0]!)
  c.same(JSON.stringify(c.canonical(algebra.composeAll(operations), 'the composition')), JSON.stringify(folded), 'balanced fold')
}

/** The empty operation is neutral on both sides. */
export const composeIdentity: Law = (algebra, c) => {
  const [a] = drawSequence(c, 1).operations as [Operation]
  const before = algebra.compose(algebra.identity(a.baseLength), a)
  const behind = algebra.compose(a, algebra.identity(algebra.lengthAfter(a)))
  c.holds(algebra.equals(before, a) && algebra.equals(behind, a), 'identity is neutral')
}

/** A content is an operation, and applying is composing. */
export const contentApplies: Law = (algebra, c) => {
  const { content, document, operations } = drawSequence(c, 1)
  const result = c.canonical(algebra.applyToContent(content, operations[0]!), 'the content')
  c.same(describe(applyNaively([], result)), after(document, operations[0]!), 'applyToContent')
}
