import { expect, test } from 'vitest'
import { PERFECT } from '../../plan/link-model.ts'
import type { PlanEvent, PlanEventFields } from '../../plan/plan-event.ts'
import { skippedOf } from './skipped.ts'
import { planWith } from '../testing/plan-with.ts'

function plan(...fields: readonly PlanEventFields[]) {
  const events = fields.map((event, index): PlanEvent => ({ ...event, id: `e${index + 1}`, at: index }))
  return planWith({ events, endMs: 100 })
}

function ids(plan: Parameters<typeof skippedOf>[0], isOurs = true): string[] {
  return skippedOf(plan, { isOurs }).map(({ id }) => id)
}

test('what hands, devices and connections do is done, and so is what happens to our process', () => {
  const kinds: PlanEventFields[] = [
    { kind: 'join', actor: 'editors/1' },
    { kind: 'cut', actor: 'editors/1' },
    { kind: 'hang', actor: 'editors/1' },
    { kind: 'kill', node: 'n1' },
    { kind: 'start', node: 'n1' },
    { kind: 'pause', node: 'n1' },
    { kind: 'resume', node: 'n1' },
    { kind: 'revoke', document: 'paper', user: 'editor-1' },
  ]
  expect(ids(plan(...kinds))).toEqual([])
})

test('a server that is not ours is not stopped, and each event says so', () => {
  const skipped = skippedOf(plan({ kind: 'kill', node: 'n1' }, { kind: 'cut', actor: 'editors/1' }), { isOurs: false })
  expect(skipped).toEqual([{ id: 'e1', why: 'the server was there before and is not ours to stop' }])
})

test('what happens inside a server or to a second one is left out', () => {
  const kinds: PlanEventFields[] = [
    { kind: 'storage', unavailable: 'writes' },
    { kind: 'ambiguous', outcome: 'lost' },
    { kind: 'clock', node: 'n1', byMs: 5 },
    { kind: 'flip-bit', document: 'paper' },
    { kind: 'kill', node: 'n2' },
  ]
  expect(ids(plan(...kinds))).toEqual(['e1', 'e2', 'e3', 'e4', 'e5'])
})

test('a partition between people and the server is done by proxies, any other is left out with its end', () => {
  expect(ids(plan({ kind: 'partition', a: ['editors'], b: ['n1'], oneWay: true }, { kind: 'heal', partition: 'e1' }))).toEqual([])
  expect(ids(plan({ kind: 'partition', a: ['n1'], b: ['storage'], oneWay: false }, { kind: 'heal', partition: 'e1' }))).toEqual(['e1', 'e2'])
})

test('what the world asks for and cannot have is listed, too', () => {
  const world = { links: { near: { ...PERFECT, glitch: 0.1 } }, limits: { batchOperations: 4 }, storage: { delayMs: 3 } }
  expect(ids({ ...planWith({ events: [], endMs: 1, world }), bugs: ['dedupe-off'] })).toEqual(['link near', 'limits', 'storage', 'bug dedupe-off'])
})
