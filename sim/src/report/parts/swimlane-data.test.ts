import { describe, expect, test } from 'vitest'
import { chosenLines, columnsOf, type Line } from '../client/swimlane-rows.ts'
import { madeUpResult } from '../testing/made-up-result.ts'
import { MOST_BYTES, swimlaneData } from './swimlane-data.ts'

const result = madeUpResult({ splitBrain: true })
const data = swimlaneData(result)
const lane = (name: string): number => data.lanes.findIndex((one) => one.name === name)

describe('swimlane data', () => {
  test('lanes stand in reading order, and numbers within names count as numbers', () => {
    const many = swimlaneData(madeUpResult({ splitBrain: true, editors: 12 }))
    expect(many.lanes.map(({ kind }) => kind)).toEqual(many.lanes.map(({ kind }) => kind).toSorted((a, b) => ['plan', 'actor', 'node', 'storage'].indexOf(a) - ['plan', 'actor', 'node', 'storage'].indexOf(b)))
    expect(many.lanes.filter(({ kind }) => kind === 'actor').map(({ name }) => name)).toEqual(Array.from({ length: 12 }, (_, index) => `editors/${index}`))
  })

  test('those whom the message names are concerned', () => {
    expect(data.concerned.map((index) => data.lanes[index]?.name).toSorted()).toEqual(['editors/2', 'n1', 'n2'])
  })

  test('entries that are too long are cut, then the oldest go, and the newest never', () => {
    const long = Array.from({ length: 12_000 }, (_, seq) => ({ seq, at: seq, from: 'editors/1', to: 'n1', what: `${seq} ${'<é'.repeat(5000)}` }))
    const small = swimlaneData({ ...result, trace: long, violations: [] })
    expect(Buffer.byteLength(JSON.stringify(small.rows).replaceAll('<', '\\u003c'))).toBeLessThanOrEqual(MOST_BYTES)
    expect(small.rows.at(-1)?.[0]).toBe(11_999)
    expect(small.leftOut).toBe(12_000 - small.rows.length)
  })

  test('what the trace says of the first violation is not said twice', () => {
    const { seq, at } = result.violations[0]!
    const trace = [...result.trace.filter((line) => line.seq <= seq), { seq: seq + 1, at, from: 'plan', what: 'VIOLATION of "one writer per epoch": ...' }]
    expect(swimlaneData({ ...result, trace }).rows.at(-1)?.[0]).toBe(seq)
  })
})

describe('swimlane lines', () => {
  const numbers = (lines: readonly Line[]) => lines.map((line) => (line.kind === 'event' ? line.row[0] : 'violation'))

  test('the violation stands right after the event at which it was noticed', () => {
    const lines = numbers(chosenLines(data, { lanes: new Set(), text: '' }))
    expect(lines[lines.indexOf('violation') - 1]).toBe(data.violation?.seq)
  })

  test('who chooses an actor and a node gets neither the other actors of that node nor loses the plan', () => {
    const lines = chosenLines(data, { lanes: new Set([lane('editors/2'), lane('n1')]), text: '' })
    const ends = new Set(lines.flatMap((line) => (line.kind === 'event' ? [line.row[2], line.row[3]] : [])))
    expect([...ends].filter((index) => data.lanes[index]?.kind === 'actor')).toEqual([lane('editors/2')])
    expect(ends.has(lane('plan'))).toBe(true)
    expect(lines.some((line) => line.kind === 'event' && line.row[2] === lane('n1') && line.row[3] === lane('storage'))).toBe(true)
  })

  test('a word filters names and texts, in any case', () => {
    const lines = chosenLines(data, { lanes: new Set(), text: 'BELIEVES IN' })
    expect(numbers(lines)).toHaveLength(2)
  })

  test('lanes beyond those that fit are counted together, never those that are concerned', () => {
    const lines = chosenLines(data, { lanes: new Set(), text: '' })
    const { columns, others } = columnsOf(lines, 5, data.concerned)
    expect(columns).toHaveLength(4)
    expect(columns).toEqual(expect.arrayContaining([...data.concerned]))
    expect(columns.length + others).toBe(data.lanes.length)
  })
})
