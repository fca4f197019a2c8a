import { expect, test } from 'vitest'
import { closest } from './suggest.ts'

test.each([
  ['verfy', 'verify'],
  ['srve', 'serve'],
  ['documents', 'document'],
  ['tokne', 'token'],
  ['migrate', undefined],
  ['x', undefined],
])('%s is near %s', (word, expected) => {
  expect(closest(word, ['serve', 'token', 'document', 'verify'])).toBe(expected)
})
