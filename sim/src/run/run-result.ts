import type { Violation } from '../checkers/checker.ts'
import type { LatencySeries, Plan } from '../plan/plan.ts'

/** `unknown`: the run could not tell (a limit of the simulator was reached). `crashed`: the simulator or the code under test threw. */
export type Verdict = 'pass' | 'fail' | 'unknown' | 'crashed'

/** What a run gives back: everything the report shows, as plain JSON. */
export interface RunResult {
  readonly format: 1
  readonly plan: Plan
  readonly verdict: Verdict
  /** Why, in one sentence. */
  readonly because: string
  readonly violations: readonly Violation[]
  readonly checkers: readonly CheckerOutcome[]
  readonly levels: readonly LevelOutcome[]
  /** 16 hexadecimal digits over everything that happened: equal for equal seeds. */
  readonly hash: string
  readonly figures: RunFigures
  /** How often each `sometimes` condition was seen. */
  readonly sometimes: Readonly<Record<string, number>>
  readonly series: Series
  /** Percentiles over the whole run of what was measured; absent in results of earlier builds. */
  readonly overall?: Readonly<Partial<Record<LatencySeries, OverallLatency>>>
  readonly faults: readonly FaultWindow[]
  readonly owners: readonly OwnerSpan[]
  /** The last events before the first violation, or the end: at most 10,000. */
  readonly trace: readonly TraceLine[]
  /** What the simulation takes for granted. */
  readonly assumptions: readonly string[]
  /** Plan events that this level or deployment cannot do (live). */
  readonly skipped: readonly { readonly id: string; readonly why: string }[]
}

export interface CheckerOutcome {
  readonly name: string
  readonly promise: string
  readonly violations: number
}

export interface LevelOutcome {
  readonly series: LatencySeries
  readonly percentile: number
  readonly atMostMs: number
  /** Left out: the whole run. */
  readonly fromMs?: number
  readonly toMs?: number
  /** Undefined: nothing was measured. */
  readonly measuredMs?: number
  readonly samples: number
  readonly met: boolean
}

export interface RunFigures {
  readonly virtualMs: number
  readonly wallMs: number
  /** Events of the kernel. */
  readonly events: number
  /** Frames that passed a link. */
  readonly messages: number
  readonly versions: number
  readonly acknowledged: number
  readonly reconnects: number
}

/** Figures over time, one entry per `stepMs` of virtual time. */
export interface Series {
  readonly stepMs: number
  /** Operations committed per second. */
  readonly operations: readonly number[]
  /** Per latency series and percentile: milliseconds in that step; null where nothing was measured. */
  readonly latencies: Readonly<Partial<Record<LatencySeries, { readonly p50: readonly (number | null)[]; readonly p95: readonly (number | null)[]; readonly p99: readonly (number | null)[] }>>>
  readonly connections: readonly number[]
  readonly reconnects: readonly number[]
  /** Edits that clients hold without an ack, all together. */
  readonly pending: readonly number[]
  /** Share of each node's processor, 0 to 1; empty without the processor model. */
  readonly cpu: Readonly<Record<string, readonly number[]>>
}

/** Milliseconds. */
export interface OverallLatency {
  readonly samples: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly most: number
}

export interface FaultWindow {
  readonly id: string
  readonly kind: string
  readonly what: string
  readonly fromMs: number
  readonly toMs: number
}

/** A node ruled a document under an epoch: from its claim to the moment it knew that it had lost it. Overlap is split brain. */
export interface OwnerSpan {
  readonly document: string
  readonly node: string
  readonly epoch: number
  readonly fromMs: number
  readonly toMs: number
  /** Versions committed under it. */
  readonly committed: number
}

export interface TraceLine {
  readonly seq: number
  readonly at: number
  /** Lane it begins in: actor or node name, `storage`, `plan`. */
  readonly from: string
  /** Lane it ends in, when it is a message. */
  readonly to?: string
  /** As `submit 3 on 17: 5 +ab`. */
  readonly what: string
}
