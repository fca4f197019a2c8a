import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BenchRow } from './bench-module.ts'
import { describeMachine } from './machine.ts'
import { MODULES } from './modules.ts'
import { BLOCK, packBlock, unpackBlock } from './ot/archive-columns.ts'
import { scattered, typed } from './ot/random-patches.ts'
import { type Measured, summarize } from './results.ts'
import { formatTable } from './table.ts'
import { median, processorTimeEach } from './timing.ts'

const NOTHING = { name: 'concord', measure: async () => [] }
const ROW: BenchRow = { id: 'row', title: 'some work', unit: 'ms', better: 'lower', target: 10, ours: NOTHING, peers: [] }

test('a row is met by its median, on the right side of the target', () => {
  expect(summarize(ROW, measured('concord', 30, 9, 1), []).met).toBe(true)
  expect(summarize(ROW, measured('concord', 30, 11, 1), []).met).toBe(false)
  expect(summarize({ ...ROW, better: 'higher' }, measured('concord', 30, 11, 1), []).met).toBe(true)
  expect(summarize({ ...ROW, target: undefined }, measured('concord', 1), []).met).toBeUndefined()
})

test('the peer of a row is the best one that measured anything', () => {
  const peers = [measured('slow', 50), measured('broken'), measured('fast', 20)]
  expect(summarize(ROW, measured('concord', 5), peers)).toMatchObject({ peer: 'fast', peerValue: 20 })
  expect(summarize({ ...ROW, better: 'higher' }, measured('concord', 5), peers)).toMatchObject({ peer: 'slow', peerValue: 50 })
})

test('who fails is in the table with the reason, and a failed row is not met', () => {
  const failed = summarize(ROW, { ...measured('concord'), failure: 'Error: no trace' }, [{ ...measured('yjs'), failure: 'Error: not installed' }])
  const table = formatTable({ date: '2026-01-01', machine: describeMachine(), rounds: 1, rows: [failed] })
  expect(failed.met).toBeUndefined()
  expect(table).toContain('failed: Error: no trace')
  expect(table).toContain('yjs failed: Error: not installed')
})

test('medians and warm-up', async () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
  expect(() => median([])).toThrow(/measured no run/)
  const runs: number[] = []
  expect(await processorTimeEach({ warmup: 2, repeats: 3 }, () => runs.length, (run) => runs.push(run))).toHaveLength(3)
  expect(runs).toEqual([0, 1, 2, 3, 4])
})

test('every row and every contestant of a row has a name of its own', () => {
  const rows = MODULES.flatMap((module) => module.rows)
  expect(new Set([...MODULES.map(({ name }) => name), ...rows.map(({ id }) => id)]).size).toBe(rows.length + MODULES.length)
  for (const { ours, peers } of rows) expect(new Set([ours, ...peers].map(({ name }) => name)).size).toBe(1 + peers.length)
})

test('an archived block comes back as it was', () => {
  for (const patches of [typed(1000, BLOCK, 1), scattered(100_000, 500, 2), [[0, 0, 'Grüße 😀'], [300, 200, ''], [5, 1, 'x'.repeat(300)]] as const]) {
    expect(unpackBlock(packBlock(patches))).toEqual(patches)
  }
})

test('an unknown row is a usage error that says how to see the rows', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--conditions=source', join(import.meta.dirname, 'main.ts'), '--only', 'nonsense'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('no row or module nonsense; --list shows them')
})

function measured(name: string, ...samples: number[]): Measured {
  return { name, version: undefined, samples, failure: undefined }
}
