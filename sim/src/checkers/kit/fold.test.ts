import { DocumentText, OperationBuilder, type TextRun } from '@concord/ot'
import { describe, expect, test } from 'vitest'
import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { Fold, renderRuns } from './fold.ts'

describe('the fold', () => {
  test('agrees with a document text on text, attributes and embeds', () => {
    const operations = [
      new OperationBuilder(0).insert('héllo 😀\n', { bold: true }).build(),
      new OperationBuilder(9).retain(2).insert('X').delete(1).retain(3, { bold: null, color: '#ff0000' }).insertEmbed({ type: 'image', data: '{}' }, { align: 'left' }).build(),
      new OperationBuilder(10).retain(9).delete(1).build(),
    ]
    const fold = new Fold()
    const text = DocumentText.empty()
    for (const operation of operations) {
      fold.apply(operation)
      expect(text.apply(operation)).toBeUndefined()
      expect(fold.render()).toBe(renderRuns(text.runs()))
      expect(fold.text()).toBe(text.toString())
    }
    expect(fold.length).toBe(text.length)
  })

  test('tells contents apart that differ in one attribute', () => {
    const [one, other] = [new Fold(), new Fold()]
    one.apply(new OperationBuilder(0).insert('ab', { bold: true }).build())
    other.apply(new OperationBuilder(0).insert('a', { bold: true }).insert('b').build())
    expect(one.render()).not.toBe(other.render())
  })

  test('an operation that does not fit is an error, not a guess', () => {
    const fold = new Fold()
    expect(() => fold.apply(new OperationBuilder(1).delete(1).build())).toThrow('the fold has 0 units')
    expect(() => fold.apply({ baseLength: 0, components: [3 * 4 + 1], text: 'ab', attributes: [], embeds: [], keys: [] })).toThrow('more than its 2 units')
    expect(() => fold.apply({ baseLength: 0, components: [1 * 4 + 1], text: 'ab', attributes: [], embeds: [], keys: [] })).toThrow('inserts 1')
  })
})

describe('a fold in runs', () => {
  test('agrees with a document text through thousands of edits all over a long document', () => {
    const random = new KeyedRandom(7, 'fold')
    const fold = new Fold()
    const text = DocumentText.empty()
    for (let i = 0; i < 3_000; i += 1) {
      const { length } = text
      const at = random.below(length + 1)
      const gone = random.chance(0.3) ? Math.min(length - at, random.below(40)) : 0
      const build = new OperationBuilder(length).retain(at)
      const operation = (random.chance(0.1) ? build.retain(gone, { bold: true }) : build.insert('x'.repeat(1 + random.below(i % 100 === 0 ? 3_000 : 12))).delete(gone)).build()
      fold.apply(operation)
      expect(text.apply(operation)).toBeUndefined()
    }
    expect(fold.length).toBeGreaterThan(10_000)
    expect(fold.render()).toBe(renderRuns(text.runs()))
    expect(fold.render(100, 5_000)).toBe(renderRuns(sliced(text, 100, 5_000)))
  })
})

function sliced(text: DocumentText, from: number, to: number): TextRun[] {
  const runs: TextRun[] = []
  let at = 0
  for (const run of text.runs()) {
    const length = typeof run.insert === 'string' ? run.insert.length : 1
    if (typeof run.insert === 'string' && at < to && at + length > from) runs.push({ ...run, insert: run.insert.slice(Math.max(0, from - at), to - at) })
    at += length
  }
  return runs
}

describe('a document whose units nobody knows', () => {
  /** What two steps do to it, and what is said to be both at once. */
  function both(steps: readonly OperationBuilder[], atOnce: OperationBuilder): [string, string] {
    const folds = [Fold.unknown(6), Fold.unknown(6)] as const
    for (const step of steps) folds[0].apply(step.build())
    folds[1].apply(atOnce.build())
    return [folds[0].render(), folds[1].render()]
  }

  test('is the same by whichever way it was cut', () => {
    const [stepwise, atOnce] = both([new OperationBuilder(6).retain(3).insert('ab'), new OperationBuilder(8).retain(3).delete(2).retain(1).delete(1)], new OperationBuilder(6).retain(4).delete(1))
    expect(stepwise).toBe(atOnce)
  })

  test('is another one when other units are missing, or a removal of attributes is', () => {
    const [missing, other] = both([new OperationBuilder(6).retain(4).delete(1)], new OperationBuilder(6).retain(3).delete(1))
    expect(missing).not.toBe(other)
    const [removed, kept] = both([new OperationBuilder(6).retain(2, { bold: null })], new OperationBuilder(6).retain(2))
    expect(removed).not.toBe(kept)
  })
})
