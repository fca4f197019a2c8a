import { expect, test } from 'vitest'
import { Trace } from './trace.ts'

type Note = readonly [at: number, from: string, to: string | undefined, digest: readonly (string | number)[]]

function hashOf(notes: readonly Note[]): string {
  const trace = new Trace()
  for (const [at, from, to, digest] of notes) trace.note(at, from, to, digest, () => '')
  return trace.hash()
}

const NOTES: readonly Note[] = Array.from({ length: 200 }, (_, i) => [i * 1.5, `client-${i % 7}`, i % 3 === 0 ? undefined : 'node-1', ['submit', i, `text ${i}`]])

/** The notes with one of them replaced. */
function but(index: number, change: (note: Note) => Note): readonly Note[] {
  return NOTES.map((note, at) => (at === index ? change(note) : note))
}

test('equal runs have equal hashes', () => {
  expect(hashOf(NOTES)).toBe(hashOf(NOTES))
  expect(hashOf(NOTES)).toMatch(/^[0-9a-f]{16}$/)
})

test('one changed digit, text, place or order changes the hash, wherever it is', () => {
  const hashes = new Set([hashOf(NOTES), hashOf(NOTES.slice(1)), hashOf(NOTES.slice(0, -1)), hashOf([])])
  let variants = 4
  for (const index of [0, 1, 2, 99, 198, 199]) {
    const changes: ((note: Note) => Note)[] = [
      ([at, ...rest]) => [at + 1e-9, ...rest],
      ([at, from, to, digest]) => [at, `${from}x`, to, digest],
      ([at, from, to, digest]) => [at, from, to === undefined ? 'node-1' : undefined, digest],
      ([at, from, to, [kind, i, text]]) => [at, from, to, [kind ?? '', Number(i) + 1, text ?? '']],
      ([at, from, to, [kind, i, text]]) => [at, from, to, [kind ?? '', i ?? 0, `${String(text).slice(0, -1)}!`]],
      ([at, from, to, [kind, i, text]]) => [at, from, to, [kind ?? '', text ?? '', i ?? 0]],
      ([at, from, to, digest]) => [at, from, to, digest.slice(0, 2)],
    ]
    for (const change of changes) hashes.add(hashOf(but(index, change)))
    variants += changes.length
  }
  for (let index = 0; index < NOTES.length - 1; index += 17) {
    const swapped = [...NOTES]
    ;[swapped[index], swapped[index + 1]] = [swapped[index + 1]!, swapped[index]!]
    hashes.add(hashOf(swapped))
    variants += 1
  }
  expect(hashes.size).toBe(variants)
})

test('texts do not run into one another, and a number is not its text', () => {
  const hashes = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], [1, 2], ['1', '2'], [12], ['12'], [0], [-0]].map((digest) => hashOf([[0, 'a', undefined, digest]]))
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(hashOf([[0, 'ab', undefined, ['c']]])).not.toBe(hashOf([[0, 'a', 'b', ['c']]]))
  expect(hashOf([[0, 'a', 'b', []]])).not.toBe(hashOf([[0, 'a', undefined, ['b']]]))
})

test('the last 10,000 entries are kept, oldest first; their words are made only when somebody looks', () => {
  const trace = new Trace()
  let made = 0
  for (let i = 1; i <= 25_003; i += 1) trace.note(i / 2, 'a', i % 2 === 0 ? 'b' : undefined, [i], () => `entry ${((made += 1), i)}`)
  expect([trace.seq, made]).toEqual([25_003, 0])
  const lines = trace.lines()
  expect([lines.length, made]).toEqual([10_000, 10_000])
  expect(lines[0]).toEqual({ seq: 15_004, at: 7_502, from: 'a', to: 'b', what: 'entry 15004' })
  expect(lines.at(-1)).toEqual({ seq: 25_003, at: 12_501.5, from: 'a', what: 'entry 25003' })
  expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 10_000 }, (_, index) => 15_004 + index))
})
