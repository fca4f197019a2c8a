import { expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type { Plan } from '../../plan/plan.ts'
import { expand } from '../expand/expand.ts'
import { FileError } from '../file/file-error.ts'
import { parsePlan } from '../file/parse-plan.ts'
import { loadScenario } from '../file/load-scenario.ts'
import { planSchema } from './plan-schema.ts'

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T

const plan = expand(loadScenario('quick'), 3)

function problems(from: string | RegExp, to: string): readonly string[] {
  const text = JSON.stringify(plan).replace(from, to)
  expect(text).not.toBe(JSON.stringify(plan))
  try {
    parsePlan(text, 'a.json')
  } catch (error) {
    if (error instanceof FileError) return error.problems
    throw error
  }
  return []
}

test('the schema of plan files says exactly what a plan is', () => {
  expectTypeOf<z.output<typeof planSchema>>().toExtend<Plan>()
  expectTypeOf<Plan>().toExtend<Frozen<z.output<typeof planSchema>>>()
})

test('a plan file comes back as the plan that was written', () => {
  expect(parsePlan(JSON.stringify(plan), 'a.json')).toEqual(plan)
})

test('a plan file that is wrong says where', () => {
  expect(problems('"format":1', '"format":2')).toEqual(['a.json: format is 2, but must be one of 1'])
  expect(problems('"kind":"join"', '"kind":"jion"')[0]).toContain('a.json: events[0].kind is "jion", but must be one of')
  expect(problems('"endMs":', '"endsMs":')).toEqual(['a.json: "endMs" is missing: it must be a number', expect.stringMatching(/there is no key "endsMs" here \(.*\)\. Did you mean "endMs"\?/)])
  expect(problems(/"place":0\.\d+/, '"place":7')[0]).toMatch(/^a\.json: events\[\d+\]\.place is 7, but must be at most 1$/)
  expect(problems('{', '')[0]).toContain('a.json: is not JSON')
})

test('a plan that contradicts itself says how', () => {
  expect(problems('"actor":"editors/1"', '"actor":"editors/9"')[0]).toBe('a.json: events[0] names the actor "editors/9", which the plan\'s world lacks. Did you mean "editors/1"?')
  expect(problems('"document":"doc-1","link"', '"document":"doc-7","link"')[0]).toContain('editors/1 names the document "doc-7"')
  expect(problems('"id":"editors/2.1"', '"id":"editors/1.1"')[0]).toContain('events[1] has the id "editors/1.1", which another event has, too')
  expect(problems('"at":0', '"at":400000')[0]).toContain('events[1] comes before the event above it')
})
