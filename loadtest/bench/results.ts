import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { BenchRow } from './bench-module.ts'
import type { Machine } from './machine.ts'
import { median } from './timing.ts'

/** What one contestant did; no samples where it failed, and then why. */
export interface Measured {
  readonly name: string
  readonly version: string | undefined
  readonly samples: readonly number[]
  readonly failure: string | undefined
}

/** One line of .bench/results.json. `peer` is the best of the peers in this run. */
export interface RowResult {
  readonly row: string
  readonly title: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly value: number | undefined
  readonly target: number | undefined
  /** Undefined where there is no target or no value. */
  readonly met: boolean | undefined
  readonly peer: string | undefined
  readonly peerValue: number | undefined
  readonly peers: readonly { readonly name: string; readonly version: string | undefined; readonly value: number | undefined; readonly failure: string | undefined }[]
  /** How many runs the median is taken over, and the fastest and slowest of them. */
  readonly runs: number
  readonly low: number | undefined
  readonly high: number | undefined
  readonly failure: string | undefined
}

export interface Results {
  readonly date: string
  readonly machine: Machine
  readonly rounds: number
  readonly rows: readonly RowResult[]
}

export function summarize(row: BenchRow, ours: Measured, peers: readonly Measured[]): RowResult {
  const value = valueOf(ours)
  const measured = peers.map((peer) => ({ name: peer.name, version: peer.version, value: valueOf(peer), failure: peer.failure }))
  const best = measured.filter((peer) => peer.value !== undefined).sort((a, b) => (row.better === 'lower' ? a.value! - b.value! : b.value! - a.value!))[0]
  return {
    row: row.id,
    title: row.title,
    unit: row.unit,
    better: row.better,
    value,
    target: row.target,
    met: value === undefined || row.target === undefined ? undefined : row.better === 'lower' ? value <= row.target : value >= row.target,
    peer: best?.name,
    peerValue: best?.value,
    peers: measured,
    runs: ours.samples.length,
    low: ours.samples.length === 0 ? undefined : Math.min(...ours.samples),
    high: ours.samples.length === 0 ? undefined : Math.max(...ours.samples),
    failure: ours.failure,
  }
}

export function writeResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
}

function valueOf({ samples }: Measured): number | undefined {
  return samples.length === 0 ? undefined : median(samples)
}
