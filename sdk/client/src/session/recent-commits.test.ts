import { DocumentText, OperationBuilder, parse } from '@concord/ot'
import { expect, test } from 'vitest'
import { RecentCommits } from './recent-commits.ts'

const AUTHOR = { userId: 'ann', userOrdinal: 1, clientId: '0000000100000001' }

/** A text and its steps, own ones by number. */
class Steps {
  readonly text = DocumentText.empty()
  readonly recent = new RecentCommits()
  version = 0

  step(notation: string, seq?: number, now = 0): this {
    const operation = parse(this.text.length, notation)
    const own = seq === undefined ? undefined : { seq, inverse: this.text.invert(operation) }
    this.text.apply(operation)
    this.recent.add({ version: ++this.version, author: AUTHOR, operation, at: 0 }, now, own)
    return this
  }

  /** The text without the own steps above `seq`. */
  without(seq: number): string {
    const lost = this.recent.undoOwnAfter(seq)
    const text = this.text.snapshot()
    if (lost !== undefined) expect(text.apply(lost.undo)).toBeUndefined()
    return text.toString()
  }
}

test('R15 ancestry: own commits above a number come out, what others wrote before, between and after stays', () => {
  const steps = new Steps().step('+base').step('4 +" one"', 1).step('+"[other] "').step('8 +"two "', 2).step('2 -4')
  expect(steps.text.toString()).toBe('[o] two base one')
  expect(steps.without(0)).toBe('[o] base')
  expect(steps.without(1)).toBe('[o] base one')
  expect(steps.without(2)).toBe('[o] two base one')
})

test('R15 ancestry: a jump over versions is passed like any other step', () => {
  const steps = new Steps().step('+mine', 1)
  const jump = parse(4, '+"of others: "')
  steps.text.apply(jump)
  steps.recent.jump(jump, 0)
  expect(steps.without(0)).toBe('of others: ')
})

test('R15 ancestry: after ten minutes a commit is forgotten', () => {
  const steps = new Steps().step('+mine', 1).step('4 +late', undefined, 10 * 60_000 + 1)
  expect(steps.without(0)).toBe('minelate')
})

test('commits above a version are listed as long as nothing is missing', () => {
  const { recent } = new Steps().step('+a').step('1 +b').step('2 +c')
  expect(recent.after(1, 3)?.map((commit) => commit.version)).toEqual([2, 3])
  expect(recent.after(3, 3)).toEqual([])
  expect(recent.after(4, 3)).toBeUndefined()
  recent.jump(new OperationBuilder(3).insert('x').build(), 0)
  expect(recent.after(1, 9)).toBeUndefined()
})
