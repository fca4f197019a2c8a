import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ambient } from './ambient.ts'
import { EXCEPTIONS } from './exceptions.ts'
import { anyType, defaultExport, fileLength, functionLength, kebabCase, switchedOffTests, unfinishedMarks } from './form.ts'
import { importDirections } from './imports.ts'
import { moduleState } from './module-state.ts'
import { simulatorRooms } from './simulator-rooms.ts'
import { switches } from './switches.ts'
import { type Finding, parse, readSources, type SourceFile } from './source-file.ts'

type Check = (file: SourceFile) => Finding[]

const CHECKS = { importDirections, simulatorRooms, ambient, moduleState, switches, fileLength, functionLength, anyType, defaultExport, unfinishedMarks, switchedOffTests, kebabCase } as const satisfies Record<string, Check>
const sources = readSources(fileURLToPath(new URL('../../', import.meta.url)))

describe.each(Object.entries(CHECKS))('tidy: %s', (name, check: Check) => {
  const excepted = new Set(EXCEPTIONS.filter((exception) => exception.check === name).map(({ path }) => path))

  test('the project keeps it', () => {
    const found = sources.filter(({ path }) => !excepted.has(path)).flatMap(check)
    expect(found.map(({ path, line, what }) => `${path}:${line} ${what}`)).toEqual([])
  })

  test('every exception is still needed', () => {
    const needed = new Set(sources.flatMap(check).map(({ path }) => path))
    expect([...excepted].filter((path) => !needed.has(path))).toEqual([])
  })
})

/** A planted violation per way to break a rule: [check, path, source]. */
const PLANTED: readonly (readonly [keyof typeof CHECKS, string, string])[] = [
  ['importDirections', 'sdk/ot/src/x.ts', `import { x } from 'lodash'`],
  ['importDirections', 'sdk/ot/src/x.ts', `import { x } from '@concord/runtime'`],
  ['importDirections', 'sdk/client/src/x.ts', `import { readFile } from 'node:fs'`],
  ['importDirections', 'server/src/core/x.ts', `import { x } from '../adapters/sqlite/x.ts'`],
  ['importDirections', 'server/src/core/x.ts', `export * from '@concord/proto'`],
  ['importDirections', 'server/src/core/x.ts', `const x = () => import('pino')`],
  ['importDirections', 'server/src/ports/x.ts', `import type { X } from '../core/x.ts'`],
  ['importDirections', 'server/src/adapters/x.ts', `import { X } from '../rpc/x.ts'`],
  ['importDirections', 'server/src/rpc/x.ts', `import { X } from '../compose.ts'`],
  ['importDirections', 'server/admin/src/x.ts', `import { X } from '@concord/server'`],
  ['importDirections', 'sdk/editor/src/x.ts', `import { X } from '@concord/server/adapters/sqlite/x'`],
  ['importDirections', 'server/admin/src/verify/x.ts', `import { X } from '@concord/ot'`],
  ['importDirections', 'loadtest/src/x.ts', `import { X } from '../../server/src/core/x.ts'`],
  ['importDirections', 'sdk/editor/src/x.tsx', `import { X } from '@concord/server'`],
  ['simulatorRooms', 'sim/src/kernel/x.ts', `import { runPlan } from '../run/run-plan.ts'`],
  ['simulatorRooms', 'sim/src/checkers/x.ts', `import type { World } from '../run/world.ts'`],
  ['simulatorRooms', 'sim/src/run/x.ts', `const page = () => import('../report/render-report.ts')`],
  ['simulatorRooms', 'sim/src/capacity/costs.ts', `import { makePlan } from './plan/make-plan.ts'`],
  ['ambient', 'server/src/core/x.ts', `export const at = () => Date.now()`],
  ['ambient', 'server/src/core/x.ts', `export const at = () => new Date()`],
  ['ambient', 'server/src/core/x.ts', `export const at = () => globalThis.performance.now()`],
  ['ambient', 'server/src/rpc/x.ts', `setTimeout(() => 1, 2)`],
  ['ambient', 'sdk/client/src/x.ts', `export const later = { run: setTimeout }`],
  ['ambient', 'sdk/client/src/x.ts', `export const id = () => crypto.randomUUID()`],
  ['ambient', 'sdk/client/src/x.ts', `export const dice = Math.random`],
  ['ambient', 'server/src/codec/x.ts', `import { randomBytes } from 'node:crypto'`],
  ['ambient', 'server/src/rpc/x.ts', `import { setTimeout as sleep } from 'node:timers/promises'`],
  ['ambient', 'sdk/client/src/x.ts', `export const at = () => Temporal.Now.instant()`],
  ['ambient', 'sdk/client/src/x.ts', `export const signal = () => AbortSignal.timeout(5)`],
  ['ambient', 'sdk/client/src/x.ts', `export const id = () => globalThis.crypto.randomUUID()`],
  ['ambient', 'server/src/core/x.ts', `const seen = new WeakRef({})`],
  ['ambient', 'server/src/core/x.ts', `const seen = new FinalizationRegistry(() => 1)`],
  ['ambient', 'sim/src/kernel/x.ts', `setImmediate(() => 1)`],
  ['ambient', 'sim/src/run/x.ts', `const startedAt = performance.now()`],
  ['ambient', 'sim/src/actors/x.ts', `const dice = Math.random()`],
  ['ambient', 'sim/src/network/http2/x.ts', `import { readFileSync } from 'node:fs'`],
  ['ambient', 'sim/src/fakes/x.ts', `import { readFile } from 'node:fs/promises'`],
  ['ambient', 'sim/src/scenario/x.ts', `const load = () => import('node:fs')`],
  ['ambient', 'sim/src/shrink/x.ts', `export { readFileSync } from 'fs'`],
  ['ambient', 'sim/src/capacity/costs.ts', `import { readFileSync } from 'node:fs'`],
  ['ambient', 'sim/src/capacity/fleet/x.ts', `const started = performance.now()`],
  ['moduleState', 'server/src/core/x.ts', `let count = 0`],
  ['moduleState', 'sdk/client/src/x.ts', `export const seen = new Set()\nexport function see(x) { seen.add(x) }`],
  ['moduleState', 'sdk/client/src/x.ts', `const last = { at: 0 }\nexport const touch = () => { last.at++ }`],
  ['switches', 'server/src/main.ts', `import { composeWithRules } from './compose.ts'`],
  ['switches', 'server/src/rpc/x.ts', `export const x = (all) => all['composeWithRules']({})`],
  ['switches', 'server/admin/src/x.ts', `export const x = () => import('@concord/sim/bugs/bugs')`],
  ['switches', 'server/src/x.ts', `import { x } from '../../sim/src/bugs/bugs.ts'`],
  ['switches', 'sdk/client/src/index.ts', `export { connectWithRules as connect } from './client.ts'`],
  ['switches', 'sdk/client/src/index.ts', `export * from './client.ts'`],
  ['switches', 'server/admin/src/verbs/x.ts', `export * from '@concord/server/compose'`],
  ['switches', 'server/src/core/x.ts', `export const lax = { ...RULES, mayEdit: () => true }`],
  ['switches', 'server/src/rpc/x.ts', `import { World } from '../core/testing/world.ts'`],
  ['switches', 'server/src/main.ts', `export const x = () => import('@concord/server/core/testing/world')`],
  ['switches', 'sdk/prosemirror/src/x.ts', `import { RULES } from '@concord/client/testing'`],
  ['fileLength', 'sim/x.ts', 'export {}\n'.repeat(401)],
  ['functionLength', 'sim/x.ts', `function long() {\n${'  step()\n'.repeat(60)}}`],
  ['functionLength', 'sim/x.test.ts', `test('long', () => {\n${'  step()\n'.repeat(60)}})`],
  ['anyType', 'sim/x.ts', `export function f(x: any) { return x }`],
  ['anyType', 'sim/x.ts', `export const x = 1 as unknown as any[]`],
  ['defaultExport', 'sim/x.ts', `export default 1`],
  ['defaultExport', 'sim/x.ts', `const x = 1\nexport { x as default }`],
  ['unfinishedMarks', 'sim/x.ts', `// TO${''}DO later`],
  ['switchedOffTests', 'sim/x.test.ts', `test.skip('x', () => {})`],
  ['switchedOffTests', 'sim/x.test.ts', `describe.only('x', () => {})`],
  ['kebabCase', 'sim/someThing.ts', ''],
  ['kebabCase', 'sim/Kernel/x.ts', ''],
]

test.each(PLANTED.map(([name, path, source]) => ({ name, path, source, start: source.slice(0, 60) })))('tidy: $name finds the violation planted in $path: $start', ({ name, path, source }) => {
  expect(CHECKS[name](parse(path, source))).toHaveLength(1)
})

test('tidy: what is allowed is left alone', () => {
  const file = parse(
    'sdk/client/src/x.ts',
    `import { compose } from '@concord/ot'
     import { systemRuntime } from '@concord/runtime'
     const TABLE = new Map([['a', 1]])
     export const run = (runtime, at) => { runtime.timers.setTimeout(1); const list = []; list.push(new Date(at), TABLE.get('a')); return { setTimeout: list } }`,
  )
  const starter = parse('sim/src/campaign/x.ts', `import { writeFileSync } from 'node:fs'\nexport const wall = () => performance.now()`)
  const describeBlock = parse('sim/x.test.ts', `describe.each([1])('many', () => {\n${'  test()\n'.repeat(70)}})`)
  expect(Object.values(CHECKS).flatMap((check: Check) => [...check(file), ...check(starter), ...check(describeBlock)])).toEqual([])
})
