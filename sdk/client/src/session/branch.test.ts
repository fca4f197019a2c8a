import { compose, DocumentText, OperationBuilder, parse } from '@concord/ot'
import { expect, test } from 'vitest'
import { VirtualRuntime } from '../../test/virtual-runtime.ts'
import { Branch } from './branch.ts'
import { OperationPile } from './operation-pile.ts'

const SEED = Number(process.env['CONCORD_SEED'] ?? 7)

function text(content: string): DocumentText {
  return DocumentText.from(new OperationBuilder(0).insert(content).build())
}

/** What is shown must be what S, in flight and buffer make. */
function expectWhole(branch: Branch): void {
  const whole = branch.confirmed.snapshot()
  for (const operation of [branch.inFlight, branch.buffer]) if (operation !== undefined) expect(whole.apply(operation)).toBeUndefined()
  expect(branch.shown.equals(whole)).toBe(true)
}

test(`a long buffer is the same as one composed edit by edit (CONCORD_SEED=${SEED})`, () => {
  const random = new VirtualRuntime(SEED).random
  const pick = (below: number): number => Math.floor(random.float() * below)
  const branch = new Branch(text('x'.repeat(500)))
  let composed = parse(500, '.')
  for (let i = 0; i < 1_500; i++) {
    const at = pick(branch.shown.length)
    const builder = new OperationBuilder(branch.shown.length).retain(at)
    const edit = pick(3) === 0 ? builder.delete(1).build() : builder.insert(String.fromCharCode(97 + (i % 26))).build()
    branch.edit(edit)
    composed = compose(composed, edit)
    if (i % 400 === 399) expect(branch.receive(parse(branch.confirmed.length, '+"remote "'))).toBeDefined()
    if (i % 400 === 399) composed = branch.buffer!
  }
  expect(branch.buffer).toEqual(composed)
  expectWhole(branch)
})

test('S shares its object with what is shown while nothing is pending, and only then', () => {
  const branch = new Branch(text('abc'))
  expect(branch.shown).toBe(branch.confirmed)
  branch.edit(parse(3, '+x'))
  expect(branch.shown).not.toBe(branch.confirmed)
  branch.launch()
  branch.commit()
  expect(branch.shown).toBe(branch.confirmed)
})

test('an operation that does not fit S changes nothing', () => {
  const branch = new Branch(text('a😀b'))
  branch.edit(parse(4, '+x'))
  expect(branch.receive(parse(4, '2 +y'))).toBeUndefined()
  expect(branch.shown.toString()).toBe('xa😀b')
  expectWhole(branch)
})

test('a pile composes in order, and is empty after it was taken', () => {
  const pile = new OperationPile()
  for (let i = 0; i < 37; i++) pile.push(parse(i, `${i === 0 ? '' : `${i} `}+${String.fromCharCode(97 + (i % 26))}`))
  expect(pile.take()?.text).toBe('abcdefghijklmnopqrstuvwxyzabcdefghijk')
  expect(pile.isEmpty).toBe(true)
  expect(pile.take()).toBeUndefined()
})
