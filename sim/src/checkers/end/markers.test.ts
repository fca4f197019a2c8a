import { expect, test } from 'vitest'
import { markers } from './markers.ts'
import { actor, change, Scene } from '../testing/scene.ts'

function typed(characters: string): Scene {
  return new Scene(markers, { actors: [actor('ada'), actor('bob')] }).see('typed', { actor: 'ada', added: new Set(characters), removed: new Set() })
}

test('what was typed and is there is silent', () => {
  expect(typed('abc').commit(change(1, 0, '+abc')).finish().violations).toEqual([])
})

test('what is lost or doubled is told', () => {
  expect(typed('abc').commit(change(1, 0, '+ab')).finish().violations[0]).toMatch(/^an edit is lost/)
  expect(typed('abc').commit(change(1, 0, '+abca')).finish().violations[0]).toMatch(/^an edit is in the document twice/)
})

test('what somebody removed may be absent, and twice when two took it back', () => {
  const removed = (text: string): string[] => typed('abc').see('typed', { actor: 'bob', added: new Set(), removed: new Set('c') }).commit(change(1, 0, `+${text}`)).finish().violations
  expect(removed('ab')).toEqual([])
  expect(removed('abcc')).toEqual([])
})

test('what was handed back may be absent, never doubled', () => {
  const excused = (text: string): string[] => typed('abc').see('excused', { actor: 'ada', characters: 'c', why: 'refused' }).commit(change(1, 0, `+${text}`)).finish().violations
  expect(excused('ab')).toEqual([])
  expect(excused('abcc')).toHaveLength(1)
})

test('what a dead device had stored must be there', () => {
  const forgotten = (text: string): string[] => typed('abc').see('forgotten', { actor: 'ada', kept: new Set('b') }).commit(change(1, 0, `+${text}`)).finish().violations
  expect(forgotten('b')).toEqual([])
  expect(forgotten('a')).toHaveLength(1)
})
