import type { Calibration, Trial } from '../calibration.ts'
import { type CheckedClaim, checkClaims } from './claims.ts'
import { type Breaking, breakingOf } from './first-to-break.ts'
import { type Knee, kneeOf } from './knee.ts'
import { type CostLine, costLines, totalOf } from './monthly-cost.ts'
import type { PlanInput } from './plan-schema.ts'
import { sizeOf, type Sizing } from './sizing.ts'
import { type RelayOutcome, relaysOf, type WhatIf, whatIfsOf } from './what-ifs.ts'

/** Everything that `concord plan` says, as plain JSON. */
export interface CapacityPlan {
  readonly format: 1
  readonly input: PlanInput
  readonly sizing: Sizing
  readonly costs: readonly CostLine[]
  readonly monthly: number
  readonly perDailyUser: number
  readonly perMillionOperations: number
  readonly knee: Knee
  readonly breaking: readonly Breaking[]
  readonly whatIfs: readonly WhatIf[]
  readonly relays: RelayOutcome
  readonly claims: readonly CheckedClaim[]
  readonly assumptions: readonly string[]
  readonly error: PlanError
}

/** How far the model was from a live run on the machine of the calibration. */
export interface PlanError {
  readonly sentence: string
  /** Predicted over measured, minus 1. Absent: no live run stands in the calibration. */
  readonly cpu?: number
  readonly bytes?: number
}

export function makePlan(input: PlanInput, calibration: Calibration): CapacityPlan {
  const sizing = sizeOf(input, calibration)
  const costs = costLines(input, sizing)
  const monthly = totalOf(costs)
  const operations = input.rates.operations * input.rates.daysBusy * 30 * 86_400
  return {
    format: 1,
    input,
    sizing,
    costs,
    monthly,
    perDailyUser: monthly / input.users.daily,
    perMillionOperations: (monthly / operations) * 1e6,
    knee: kneeOf(input, calibration),
    breaking: breakingOf(input, sizing, calibration),
    whatIfs: whatIfsOf(input, calibration),
    relays: relaysOf(input, calibration),
    claims: checkClaims(input.claims),
    assumptions: assumptionsOf(input, calibration),
    error: errorOf(calibration.trial),
  }
}

export function assumptionsOf({ durability, server }: PlanInput, { at, commit, machine, note }: Calibration): string[] {
  return [
    `Costs of servers were measured on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${commit}, ${at.slice(0, 10)}, load ${machine.load}; a planned core is taken to be ${server.slowness === 1 ? 'as fast' : `${server.slowness} times as slow`}.`,
    ...(note === undefined ? [] : [note]),
    'Figures of Cassandra and Redis are assumed, not measured on these adapters: they are not built. Edit `cassandra`, `redis` and `server.storeCallMs` in the plan.',
    'Documents are owned by one process each and clients reach its machine directly; frames between servers are not counted.',
    'Each change reaches each reader as a frame of its own; servers under pressure put several into one, which costs less.',
    'Waits follow a queue with one server and even service (M/D/1); bursts within a second are not in it.',
    `Durability ${durability}: an ack waits for ${durability === 'local' ? 'one fsync' : durability === 'quorum' ? 'a majority of the copies in one region' : 'every region'}.`,
    'A month has 30 days. Prices are list prices of the source documents unless the plan says otherwise.',
  ]
}

export function errorOf(trial: Trial | undefined): PlanError {
  if (trial === undefined) return { sentence: 'Not checked against a live run: `concord sim calibrate` makes a calibration that is.' }
  const [cpu, bytes] = [trial.predictedCpu / trial.measuredCpu - 1, trial.predictedBytesPerSecond / trial.measuredBytesPerSecond - 1]
  const percent = (value: number): string => `${value >= 0 ? '+' : ''}${Math.round(value * 100)} %`
  return {
    sentence: `Checked against a live server with ${trial.sessions} sessions and ${Math.round(trial.operationsPerSecond)} operations/s: processor ${percent(cpu)} (predicted ${trial.predictedCpu.toFixed(3)}, measured ${trial.measuredCpu.toFixed(3)} of a core), traffic ${percent(bytes)}, ack p99 ${trial.ackP99Ms.toFixed(1)} ms.`,
    cpu,
    bytes,
  }
}
