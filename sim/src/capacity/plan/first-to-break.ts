import { type Calibration, cost } from '../calibration.ts'
import { bytesOf, cpuOf, sumOf } from './demand.ts'
import type { PlanInput } from './plan-schema.ts'
import { needsOfServers, ratesOfScaled, redisMessages, type Sizing } from './sizing.ts'

export interface Pressure {
  readonly resource: string
  /** Of what the plan's machines can do, planned headroom spent. Above 1: broken. */
  readonly load: number
}

export interface Breaking {
  /** Times the planned load. */
  readonly factor: number
  readonly pressures: readonly Pressure[]
  /** The highest pressure; what breaks first when it is above 1. */
  readonly first: Pressure
}

/** What the machines of the plan do under 1, 2 and 10 times its peak: users, documents and rates grow, machines do not. */
export function breakingOf(input: PlanInput, sizing: Sizing, calibration: Calibration, factors: readonly number[] = [1, 2, 10]): Breaking[] {
  return factors.map((factor) => {
    const pressures = pressuresAt(input, sizing, calibration, factor).toSorted((a, b) => b.load - a.load)
    return { factor, pressures, first: pressures[0] as Pressure }
  })
}

function pressuresAt(input: PlanInput, sizing: Sizing, calibration: Calibration, factor: number): Pressure[] {
  const rates = ratesOfScaled(sizing.peak, factor)
  const bytes = bytesOf(rates, input, calibration)
  const needs = needsOfServers({ ...input, utilisation: 1 }, calibration, rates, sumOf(cpuOf(rates, input, calibration)), Math.max(bytes.up, bytes.down))
  const { cassandra, redis } = input
  return [
    ...needs.map(({ resource, count }) => ({ resource: `servers: ${resource}`, load: count / sizing.servers })),
    { resource: 'Cassandra: appends', load: rates.appends / (cassandra.appendsPerSecond * sizing.cassandra) },
    { resource: 'Cassandra: data', load: (sizing.storage.hotGB * factor) / (cassandra.dataTB * 1_000 * sizing.cassandra) },
    { resource: 'Redis: messages', load: redisMessages(rates, redis) / ((redis.messagesPerSecond * sizing.redis) / 2) },
    { resource: 'one document', load: hotDocument(input, calibration, factor) },
  ]
}

/** Share of one processor that the busiest document takes: everybody's operation goes to everybody else, and no machine can be added. */
export function hotDocument({ documents, rates, server }: PlanInput, calibration: Calibration, factor = 1): number {
  const editors = documents.hotEditors * factor
  const operations = editors * rates.hotRate
  const perOperation = cost(calibration, 'submit') + (editors - 1) * cost(calibration, 'frame.socket')
  return (operations * perOperation * server.slowness) / 1_000
}
