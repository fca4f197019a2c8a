import { LIMITS } from '@concord/server/core/limits'
import { type Calibration, cost } from '../calibration.ts'
import { readersOfAnOperation } from '../fleet/fleet-replays.ts'
import type { PlanInput } from './plan-schema.ts'

/** Whom an operation reaches, and how often things happen a second, for the whole service at one moment. */
export interface Rates {
  readonly sessions: number
  readonly documents: number
  readonly operations: number
  /** Other sessions that are shown an operation. */
  readonly readers: number
  readonly deliveries: number
  readonly presence: number
  readonly presenceMessages: number
  /** States in those messages. */
  readonly presenceStates: number
  readonly opens: number
  readonly coldOpens: number
  readonly reconnects: number
  /** Sessions that do nothing say that they are there. */
  readonly beats: number
  readonly appends: number
  readonly snapshots: number
}

/** Messages of presence that one participant is sent in a second, at most. */
const PRESENCE_TICKS = 1_000 / LIMITS.presenceTickMs.default
/** States that one participant tells in a second, at most. */
const PRESENCE_STATES = LIMITS.presencePerSecond.default
/** SDK: BEAT_MS. */
const BEAT_SECONDS = 5
/** Operations after which a snapshot is due (limit snapshotOperations). */
const SNAPSHOT_OPERATIONS = 500

/** What happens in a second at `factor` times the average load: 1 for the average, the peak factor for the peak. */
export function ratesOf({ users, documents, rates }: PlanInput, factor = 1): Rates {
  const { sessions } = users
  const readers = documents.readers ?? readersOfAnOperation()
  const operations = rates.operations * factor
  const active = Math.max(1, sessions * (1 - users.idleShare))
  const presence = rates.presence * factor
  // What others do within a tick comes in one message, and of each only the last.
  const seen = Math.min(PRESENCE_STATES, presence / active) * readers
  const [presenceMessages, presenceStates] = [active * Math.min(PRESENCE_TICKS, seen), active * seen]
  const opens = rates.opens * factor
  const appends = operations / rates.operationsPerAppend
  return {
    sessions, documents: documents.open, operations, readers, deliveries: operations * readers, presence, presenceMessages, presenceStates, opens,
    coldOpens: opens * rates.coldShare, reconnects: (sessions * users.reconnectsPerMinute) / 60, beats: (sessions * users.idleShare) / BEAT_SECONDS, appends, snapshots: operations / SNAPSHOT_OPERATIONS,
  }
}

/** Part of the processor time, in milliseconds per second. */
export interface CpuPart {
  readonly what: string
  readonly formula: string
  readonly ms: number
}

/** Processor time of the servers' main threads. Every line is a rate times a measured cost. */
export function cpuOf(rates: Rates, { server, documents }: PlanInput, calibration: Calibration): CpuPart[] {
  const of = (name: Parameters<typeof cost>[1]): number => cost(calibration, name) * server.slowness
  const kunits = documents.size / 1_000
  return [
    { what: 'operations', formula: 'operations/s x submit', ms: rates.operations * of('submit') },
    { what: 'appends', formula: 'appends/s x storeCallMs (assumed)', ms: rates.appends * server.storeCallMs },
    { what: 'deliveries', formula: 'operations/s x readers x frame.socket', ms: rates.deliveries * of('frame.socket') },
    { what: 'presence in', formula: 'updates/s x presence.update', ms: rates.presence * of('presence.update') },
    { what: 'beats', formula: 'idle sessions / 5 s x presence.update', ms: rates.beats * of('presence.update') },
    { what: 'presence out', formula: 'messages/s x presence.delivery + states/s x presence.state', ms: rates.presenceMessages * of('presence.delivery') + rates.presenceStates * of('presence.state') },
    { what: 'opens', formula: 'opens/s x (connect.socket + open.snapshot)', ms: rates.opens * (of('connect.socket') + snapshotOpen(documents.size, calibration) * server.slowness) },
    { what: 'loads', formula: 'cold opens/s x (load.fixed + load.kunit x size)', ms: rates.coldOpens * (of('load.fixed') + of('load.kunit') * kunits) },
    { what: 'reconnects', formula: 'reconnects/s x (connect.socket + open.changes + close.socket)', ms: rates.reconnects * (of('connect.socket') + of('open.changes') + of('close.socket')) },
    { what: 'snapshots', formula: 'operations/s / 500 x (snapshot.fixed + snapshot.kunit x size)', ms: rates.snapshots * (of('snapshot.fixed') + of('snapshot.kunit') * kunits) },
    { what: 'idle sessions', formula: 'sessions x idle', ms: rates.sessions * of('idle') },
  ]
}

export function sumOf(parts: readonly CpuPart[]): number {
  return parts.reduce((sum, { ms }) => sum + ms, 0)
}

/** Between the sizes that were measured, in a straight line; beyond the last, on along it. */
export function snapshotOpen(units: number, calibration: Calibration): number {
  const measured = [[1_000, cost(calibration, 'open.snapshot.1k')], [10_000, cost(calibration, 'open.snapshot.10k')], [100_000, cost(calibration, 'open.snapshot.100k')], [1_000_000, cost(calibration, 'open.snapshot.1m')]] as const
  let [from, to] = [measured[0], measured[1]] as [readonly [number, number], readonly [number, number]]
  for (let index = 1; index < measured.length - 1 && units > (measured[index]?.[0] ?? 0); index++) [from, to] = [measured[index] ?? from, measured[index + 1] ?? to]
  return Math.max(0, from[1] + ((units - from[0]) / (to[0] - from[0])) * (to[1] - from[1]))
}

/** Bytes a second between servers and clients. */
export function bytesOf(rates: Rates, { documents }: PlanInput, calibration: Calibration): { readonly up: number; readonly down: number } {
  const of = (name: Parameters<typeof cost>[1]): number => cost(calibration, name)
  const ping = 12 / 25
  return {
    up: rates.operations * of('bytes.submit') + rates.presence * (of('bytes.presence') + of('bytes.state')) + rates.sessions * ping,
    down:
      rates.operations * of('bytes.ack') +
      rates.deliveries * of('bytes.frame.socket') +
      rates.presenceMessages * of('bytes.presence') +
      rates.presenceStates * of('bytes.state') +
      rates.opens * (documents.size + of('bytes.open')) +
      rates.reconnects * of('bytes.open') +
      rates.sessions * ping,
  }
}
