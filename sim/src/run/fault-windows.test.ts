import { expect, test } from 'vitest'
import type { PlanEventFields } from '../plan/plan-event.ts'
import { madeUpEvents, madeUpPlan } from '../shrink/testing/made-up-run.ts'
import { faultWindows } from './fault-windows.ts'

/** Events a second apart; the world heals in second 9. */
function windowsOf(...fields: readonly PlanEventFields[]): string[] {
  return faultWindows(madeUpPlan(madeUpEvents(fields, 1_000)), 9_000).map(({ kind, fromMs, toMs }) => `${kind} ${fromMs / 1_000} to ${toMs / 1_000}`)
}

const actor = 'editors/1'

test('a fault lasts until what ends it for the same actor or node, or until the world heals', () => {
  expect(windowsOf({ kind: 'offline', actor }, { kind: 'online', actor: 'editors/2' }, { kind: 'online', actor })).toEqual(['offline 0 to 2'])
  expect(windowsOf({ kind: 'kill', node: 'n1' }, { kind: 'start', node: 'n2' })).toEqual(['kill 0 to 9'])
})

test('an event that begins and ends a fault by its value makes one window', () => {
  expect(windowsOf({ kind: 'storage', unavailable: 'writes' }, { kind: 'storage', unavailable: 'nothing' })).toEqual(['storage 0 to 1'])
  expect(windowsOf({ kind: 'slow', node: 'n1', factor: 4 }, { kind: 'slow', node: 'n1', factor: 1 })).toEqual(['slow 0 to 1'])
})

test('a partition ends with its own heal', () => {
  const cut = { kind: 'partition', a: ['n1'], b: ['storage'], oneWay: false } as const
  expect(windowsOf(cut, cut, { kind: 'heal', partition: 'e0' })).toEqual(['partition 0 to 2', 'partition 1 to 9'])
})

test('a reader that stalls says how long, a cut is a moment, an edit is no fault', () => {
  expect(windowsOf({ kind: 'stall', actor, forMs: 2_500 }, { kind: 'cut', actor }, { kind: 'undo', actor })).toEqual(['stall 0 to 2.5', 'cut 1 to 1'])
  expect(windowsOf({ kind: 'stall', actor, forMs: 60_000 })).toEqual(['stall 0 to 9'])
})
