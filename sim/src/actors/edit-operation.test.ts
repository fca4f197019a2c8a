import { DocumentText, format, OperationBuilder } from '@concord/ot'
import { expect, test } from 'vitest'
import { editOperation } from './edit-operation.ts'

test('whoever types on at a caret that an edit of somebody else left inside of a pair types before the pair', () => {
  const text = DocumentText.from(new OperationBuilder(0).insert('a𠀀b').build())
  const typed = (caret: number) => format(editOperation({ id: 'e1', at: 0, kind: 'insert', actor: 'editors/1', text: 'x' }, text, caret)!)
  expect([0, 1, 2, 3, 4, 99].map(typed)).toEqual(['+x', '1 +x', '1 +x', '3 +x', '4 +x', '4 +x'].map((walk) => expect.stringContaining(walk)))
  expect(typed(2)).toBe(typed(1))
})
