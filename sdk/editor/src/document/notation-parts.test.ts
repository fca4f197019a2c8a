import { format, OperationBuilder } from '@concord/client'
import { expect, test } from 'vitest'
import { splitNotation } from './notation-parts.ts'

test('steps of a notation keep their text, whatever is quoted in it', () => {
  const operation = new OperationBuilder(9).retain(2).insert('a "quoted" -3 +x {y}', { link: 'https://a.b/}"c' }).retain(1, { bold: true }).delete(4).build()
  const parts = splitNotation(format(operation))
  expect(parts.map(({ kind }) => kind)).toEqual(['keep', 'insert', 'format', 'delete'])
  expect(parts.map(({ text }) => text).join(' ')).toBe(format(operation))
})

test('tie keys are left out, and what is long is cut between characters', () => {
  expect(splitNotation('@3.000000000000002a +ab')).toEqual([{ kind: 'insert', text: '+ab' }])
  const [part] = splitNotation(`+"${'😀'.repeat(200)}"`)
  expect(part!.text.length).toBeLessThan(170)
  expect(part!.text.isWellFormed()).toBe(true)
})
