import { type Calibration, cost, type ScalingPoint } from '../calibration.ts'
import { cpuOf, ratesOf, sumOf } from './demand.ts'
import type { PlanInput } from './plan-schema.ts'
import { fitUsl, uslPeak, uslThroughput, type Usl } from './usl.ts'

export interface Knee {
  /** One process with this mix of work. Operations a second, and the 99th percentile of submit to ack there. */
  readonly curve: readonly { readonly operations: number; readonly utilisation: number; readonly p99Ms: number }[]
  /** Where the 99th percentile leaves the service level. */
  readonly operations: number
  readonly utilisation: number
  /** Sessions that come with so many operations. */
  readonly sessions: number
  /** At the planned utilisation. */
  readonly p99AtPlanMs: number
  /** Closed loops against one process, as calibrated, with the curve through them. */
  readonly documents: UslOutcome
  readonly editors: UslOutcome
}

export interface UslOutcome {
  readonly fit: Usl
  readonly points: readonly ScalingPoint[]
  readonly peakConcurrency: number
  readonly peakPerSecond: number
  /** Largest distance of a measured point from the curve, as a share of the point. */
  readonly worstError: number
}

/** Wall time of an append in an external store, in ms: p50 of three Cassandra 5.0 nodes, measured. Assumed for p99: twice. */
const QUORUM_APPEND_MS = 9

/**
 * One process is a queue with one server. Its service time is the processor time of one operation with all that comes
 * with it; the 99th percentile of the wait is that of M/D/1 in its exponential tail: ln(100 rho) s / (2 (1 - rho)).
 */
export function kneeOf(input: PlanInput, calibration: Calibration): Knee {
  const rates = ratesOf(input, input.rates.peakFactor)
  const serviceMs = sumOf(cpuOf(rates, input, calibration)) / rates.operations
  const appendMs = input.durability === 'local' ? cost(calibration, 'append.latency') : QUORUM_APPEND_MS
  const p99 = (utilisation: number): number => serviceMs + 2 * appendMs + waitP99(utilisation, serviceMs)
  const curve = Array.from({ length: 99 }, (_, index) => (index + 1) / 100).map((utilisation) => ({ operations: (utilisation * 1_000) / serviceMs, utilisation, p99Ms: p99(utilisation) }))
  const inside = curve.filter(({ p99Ms }) => p99Ms <= input.level.ackP99Ms)
  const last = inside.at(-1) ?? { operations: 0, utilisation: 0 }
  const sessions = (last.operations / rates.operations) * rates.sessions
  return { curve, operations: last.operations, utilisation: last.utilisation, sessions, p99AtPlanMs: p99(input.utilisation), documents: outcome(calibration, 'documents'), editors: outcome(calibration, 'editors') }
}

/** @param utilisation below 1 @param serviceMs of one customer */
export function waitP99(utilisation: number, serviceMs: number): number {
  return Math.max(0, (Math.log(100 * utilisation) * serviceMs) / (2 * (1 - utilisation)))
}

function outcome({ scaling }: Calibration, kind: 'documents' | 'editors'): UslOutcome {
  const points = scaling[kind]
  const fit = fitUsl(points)
  const peakConcurrency = uslPeak(fit)
  const most = Math.min(peakConcurrency, Math.max(...points.map(({ concurrency }) => concurrency)))
  const worstError = Math.max(...points.map(({ concurrency, perSecond }) => Math.abs(uslThroughput(fit, concurrency) / perSecond - 1)))
  return { fit, points, peakConcurrency, peakPerSecond: uslThroughput(fit, most), worstError }
}
