import { expect, test } from 'vitest'
import { type Edit, makeTrace, traceOf } from './trace.ts'

function applied(edits: readonly Edit[]): string {
  return edits.reduce((text, { position, deleted, inserted, length }) => {
    expect(text).toHaveLength(length)
    return text.slice(0, position) + inserted + text.slice(position + deleted)
  }, '')
}

test('a trace that we make repeats with its seed and leads to its end', () => {
  const trace = makeTrace(7, 500)
  expect(trace).toEqual(makeTrace(7, 500))
  expect(trace.edits).not.toEqual(makeTrace(8, 500).edits)
  expect(trace.edits.length).toBeGreaterThanOrEqual(500)
  expect(applied(trace.edits)).toBe(trace.endContent)
})

test('positions of a recorded trace count code points and become units', () => {
  const txns = [{ patches: [[0, 0, 'ab'], [1, 0, '😀']] }, { patches: [[2, 1, 'c'], [0, 2, ''], [1, 0, '🎉!']] }] as const
  const trace = traceOf('emoji', { startContent: '', endContent: 'c🎉!', txns })
  expect(trace.edits).toEqual([
    { position: 0, deleted: 0, inserted: 'ab', length: 0 },
    { position: 1, deleted: 0, inserted: '😀', length: 2 },
    { position: 3, deleted: 1, inserted: 'c', length: 4 },
    { position: 0, deleted: 3, inserted: '', length: 4 },
    { position: 1, deleted: 0, inserted: '🎉!', length: 1 },
  ])
  expect(applied(trace.edits)).toBe(trace.endContent)
})
