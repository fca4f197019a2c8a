import { expect, test } from 'vitest'
import { hashOf, readRoute } from './route.ts'

test('an address of a document leads there and back; anything else lists', () => {
  const route = readRoute('#/documents/notes-2_b')
  expect(route).toEqual({ kind: 'document', name: 'documents/notes-2_b' })
  expect(hashOf(route)).toBe('#/documents/notes-2_b')
  for (const other of ['', '#/', '#/documents/', '#/documents/-a', '#/documents/A', '#/documents/a/b', `#/documents/${'a'.repeat(65)}`]) {
    expect(readRoute(other), other).toEqual({ kind: 'list' })
  }
})
