import { format } from '@concord/ot'
import { expect, test } from 'vitest'
import { type EditableText, scaledEdit } from './scaled-edit.ts'

function text(content: string): EditableText {
  return { length: content.length, slice: (from, to) => content.slice(from, to) }
}

test.each([
  ['the same place in a text of the same length', { position: 2, deleted: 1, inserted: 'x', length: 4 }, 'abcd', '2 +x -1'],
  ['half of a text twice as long', { position: 2, deleted: 0, inserted: 'x', length: 4 }, 'abcdefgh', '4 +x'],
  ['the end of an empty text', { position: 2, deleted: 2, inserted: 'x', length: 4 }, '', '+x'],
  ['a deletion ends with the text', { position: 3, deleted: 4, inserted: '', length: 7 }, 'ab', '1 -1'],
  ['never inside a character', { position: 1, deleted: 1, inserted: 'x', length: 4 }, '😀😀', '2 +x -2'],
])('%s', (_, edit, content, expected) => {
  const operation = scaledEdit(edit, text(content))
  expect(operation === undefined ? undefined : format(operation)).toContain(expected)
})

test('an edit that would change nothing is left out', () => {
  expect(scaledEdit({ position: 3, deleted: 2, inserted: '', length: 5 }, text(''))).toBeUndefined()
})
