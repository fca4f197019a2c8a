import type { Limits } from '@concord/server/core/limits'
import type { PlanEvent } from './plan-event.ts'
import type { LinkModel } from './link-model.ts'

/** How much of the real thing a run contains; `live` is the same plan against a running deployment. */
export const LEVELS = ['message', 'bytes', 'http2', 'live'] as const

export type Level = (typeof LEVELS)[number]

/**
 * What a scenario and a seed expand to: everything that will happen, written down before anything runs. Replay, shrinking
 * and live runs take the plan, never the scenario. Plain JSON. Times are virtual milliseconds since the run began.
 */
export interface Plan {
  /** Format of this file. */
  readonly format: 1
  readonly scenario: string
  readonly title: string
  readonly seed: number
  readonly level: Level
  readonly world: PlannedWorld
  /** Ascending by `at`; every id once. */
  readonly events: readonly PlanEvent[]
  /** The faults end here and the world heals. */
  readonly endMs: number
  /** Everybody is online and at rest within this after `endMs`, or the run fails. */
  readonly healMs: number
  readonly expect: Expectations
  /** Planted bugs that are switched on, by name (`sim/src/bugs`); tests of the checkers alone have any. */
  readonly bugs: readonly string[]
}

export interface PlannedWorld {
  readonly nodes: readonly PlannedNode[]
  readonly documents: readonly PlannedDocument[]
  readonly actors: readonly PlannedActor[]
  /** By name; actors name theirs. */
  readonly links: Readonly<Record<string, LinkModel>>
  readonly storage: StorageModel
  readonly limitPreset: 'default' | 'loadtest'
  readonly limits: Partial<Limits>
  /** Charge server work to one processor per node, by the calibrated cost table. Without it the server is infinitely fast. */
  readonly cpu: boolean
  /**
   * Where a client's connection goes. `first`: the first live node in the order of `nodes`, as behind a proxy that fails
   * over; `spread`: by the actor's `node`, the next live one when it is gone.
   */
  readonly route: 'first' | 'spread'
}

export interface PlannedNode {
  readonly name: string
  readonly region: string
  /** Its wall clock is ahead by this; negative is behind. Milliseconds. */
  readonly skewMs: number
  /** 1: as calibrated; 2: twice as slow. */
  readonly slowness: number
}

export interface PlannedDocument {
  /** The part after `documents/`. */
  readonly id: string
  /** Units of text it begins with. */
  readonly units: number
}

export interface PlannedActor {
  /** Unique; group and number, as `editors/7`. */
  readonly name: string
  readonly group: string
  readonly kind: 'editor' | 'viewer' | 'hostile'
  readonly user: string
  readonly document: string
  /** Name of its link model. */
  readonly link: string
  /** Preferred node with route `spread`. */
  readonly node?: string
  /** Milliseconds the actor's device takes to store a branch; 0: at once. */
  readonly deviceMs: number
  /** Submits go up by calls of their own, as beside a `Watch`. */
  readonly unary: boolean
  /** Unique characters: every edit can be found again (small runs). `plain` costs nothing (large runs). */
  readonly text: 'unique' | 'plain'
}

export interface StorageModel {
  /** Each call takes from 0 to twice this, evenly spread. Milliseconds. */
  readonly delayMs: number
}

/** What the run must show in the end, beside what every run must. */
export interface Expectations {
  /** Service levels: a run that misses one fails. Milliseconds of virtual time. */
  readonly levels: readonly ServiceLevel[]
  /** Conditions that must have been seen at least once in this run (`sometimes`). */
  readonly seen: readonly string[]
  /** History may be lost (region loss with lagging replication): acknowledged operations come back from clients. */
  readonly mayLoseTail: boolean
}

export interface ServiceLevel {
  /** Series of the report. */
  readonly series: LatencySeries
  readonly percentile: 50 | 95 | 99 | 99.9
  readonly atMostMs: number
  /** Left out: the whole run. */
  readonly fromMs?: number
  readonly toMs?: number
}

/** `ack`: submit leaves to ack arrives. `visible`: submit leaves to change arrives at another replica. `open`: join to first content. `reconnect`: connection lost, or a network there again, to online. `presence`: set to seen. */
export const LATENCY_SERIES = ['ack', 'visible', 'open', 'reconnect', 'presence'] as const

export type LatencySeries = (typeof LATENCY_SERIES)[number]
