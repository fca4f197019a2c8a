import { execFileSync } from 'node:child_process'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import { type Calibration, type CostName, COSTS, type Figure, type ScalingPoint } from '../calibration.ts'
import { connectionStage } from './connection-stage.ts'
import { frameStage } from './frame-stage.ts'
import { MeasuredServer } from './measured-server.ts'
import { memoryStage } from './memory-stage.ts'
import { presenceStage } from './presence-stage.ts'
import { CONCURRENCIES, SCALING_ROUNDS, scalingPoint } from './scaling.ts'
import { snapshotStage } from './snapshot-stage.ts'
import type { Stage } from './stage.ts'
import { storageStage } from './storage-stage.ts'
import { submitStage } from './submit-stage.ts'
import { runTrial } from './trial.ts'
import { transformStage } from './transform-stage.ts'

const STAGES: readonly Stage[] = [connectionStage, snapshotStage, submitStage, frameStage, presenceStage, storageStage, transformStage, memoryStage]

/** Steps that {@link calibrate} reports, the warm-up round of each stage included. */
export const CALIBRATION_STEPS = STAGES.reduce((sum, { rounds, isCold }) => sum + rounds + (isCold === true ? 0 : 1), 0) + 2 * SCALING_ROUNDS * CONCURRENCIES.length + 1

/** Measures every cost on this machine. `step` hears what comes next. */
export async function calibrate(step: (title: string) => void): Promise<Calibration> {
  const samples = new Map<CostName, number[]>()
  for (const stage of STAGES) await MeasuredServer.with((server) => runStage(stage, server, samples, step))
  const scaling = { documents: await scale('documents', step), editors: await scale('editors', step) }
  const calibration: Calibration = { format: 1, at: new Date().toISOString(), commit: commit(), machine: machine(), costs: costsOf(samples), scaling }
  step('a small plan, predicted and run')
  return { ...calibration, trial: await runTrial(calibration) }
}

async function runStage(stage: Stage, server: MeasuredServer, samples: Map<CostName, number[]>, step: (title: string) => void): Promise<void> {
  // Round 0 lets the compiler warm up and is not counted.
  for (let round = stage.isCold === true ? 1 : 0; round <= stage.rounds; round++) {
    step(stage.title)
    const found = await stage.round(server, round)
    if (round === 0) continue
    for (const [name, value] of Object.entries(found)) samples.set(name as CostName, [...(samples.get(name as CostName) ?? []), value])
  }
}

function scale(kind: 'documents' | 'editors', step: (title: string) => void): Promise<ScalingPoint[]> {
  return MeasuredServer.with(async (server) => {
    await scalingPoint(server, kind, 16, 'warm-')
    const rounds: ScalingPoint[][] = []
    // Round after round, so that a busy moment of the machine does not fall on one concurrency alone.
    for (let round = 0; round < SCALING_ROUNDS; round++) {
      const points: ScalingPoint[] = []
      for (const concurrency of CONCURRENCIES) {
        step(`scaling by ${kind}`)
        points.push(await scalingPoint(server, kind, concurrency, `${round}-`))
      }
      rounds.push(points)
    }
    return CONCURRENCIES.map((concurrency, index) => middle(rounds.map((points) => points[index] as ScalingPoint), concurrency))
  })
}

/** The point with the median throughput. */
function middle(points: readonly ScalingPoint[], concurrency: number): ScalingPoint {
  const found = points.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(points.length / 2)]
  if (found === undefined) throw new RangeError(`nothing was measured with ${concurrency} at once`)
  return { ...found, perSecond: short(found.perSecond), cpu: short(found.cpu) }
}

function costsOf(samples: ReadonlyMap<CostName, readonly number[]>): Calibration['costs'] {
  const names = Object.keys(COSTS) as CostName[]
  return Object.fromEntries(names.map((name) => [name, figureOf(samples.get(name) ?? [], COSTS[name].unit)])) as Calibration['costs']
}

/** @throws RangeError without a sample: a cost that no stage measures is a mistake of this file */
export function figureOf(samples: readonly number[], unit: string): Figure {
  const sorted = [...samples].sort((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured')
  const middle = (sorted.length - 1) / 2
  const median = ((sorted[Math.floor(middle)] ?? min) + (sorted[Math.ceil(middle)] ?? max)) / 2
  return { unit, median: short(median), min: short(min), max: short(max), rounds: sorted.length }
}

/** Four digits: more would be noise. */
function short(value: number): number {
  return Number(value.toPrecision(4))
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}

function machine(): Calibration['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  }
}
