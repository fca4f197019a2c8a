import { expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type { RunResult } from '../run/run-result.ts'
import { madeUpResult } from './testing/made-up-result.ts'
import { readResult, resultJson } from './result-file.ts'
import { resultSchema } from './result-schema.ts'

const result = madeUpResult({ splitBrain: true })
const withChange = (change: object): string => JSON.stringify({ ...result, ...change })
const problemOf = (json: string): string | undefined => {
  const read = readResult(json)
  return read.kind === 'problem' ? read.problem : undefined
}

test('result file: what was written is read, whole', () => {
  for (const one of [result, madeUpResult()]) expect(readResult(resultJson(one))).toEqual({ kind: 'result', result: one })
})

test('result file: a problem says where it is and what to do', () => {
  expect(problemOf('{')).toMatch(/^it is not JSON/)
  expect(problemOf('[]')).toContain('concord sim run')
  expect(problemOf(withChange({ format: 2 }))).toMatch(/format is 2; this build reads 1.*newer/)
  expect(problemOf(withChange({ format: 'x' }))).toBe('its format is "x", not 1')
  expect(problemOf(withChange({ figures: { ...result.figures, messages: 'many' } }))).toMatch(/^figures\.messages: /)
  expect(problemOf(withChange({ trace: [{ ...result.trace[0], at: null }] }))).toMatch(/^trace\[0\]\.at: /)
  expect(problemOf(withChange({ hash: 'no' }))).toBe('hash: must be 16 hexadecimal digits')
})

test('result file: the plan in it is checked as one that is replayed', () => {
  const event = { ...result.plan.events[0], at: 'noon' }
  expect(problemOf(withChange({ plan: { ...result.plan, events: [event] } }))).toMatch(/^plan\.events\[0\]/)
})

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T

test('result file: the schema says exactly what a result is', () => {
  expectTypeOf<Frozen<RunResult>>().toExtend<Frozen<z.output<typeof resultSchema>>>()
  expect(Object.keys(resultSchema.shape).toSorted()).toEqual(Object.keys(result).toSorted())
})
