import type { Level } from '../plan/plan.ts'
import { failureKeys } from '../shrink/failure.ts'
import type { RunFigures, RunResult, Verdict } from '../run/run-result.ts'

/** One run that a campaign asks for. */
export interface SeedJob {
  readonly scenario: string
  readonly seed: number
  /** Instead of the scenario's. */
  readonly level?: Level
  readonly bugs?: readonly string[]
  /** It has run before with this hash and must again. */
  readonly hash?: string
}

/** Runs a seed; workers import one by the name `runSeed`. */
export type RunSeed = (job: SeedJob) => Promise<RunResult>

/** What a campaign keeps of a run. */
export interface SeedOutcome {
  readonly verdict: Verdict
  readonly because: string
  /** As of `failureKeys`. */
  readonly failures: readonly string[]
  readonly hash: string
  readonly figures: RunFigures
  readonly sometimes: Readonly<Record<string, number>>
  /** How often each kind of event was planned. */
  readonly events: Readonly<Record<string, number>>
  /** Of a run that did not pass, or whose hash is another one than before. */
  readonly result?: RunResult
}

export function outcomeOf(result: RunResult, job: SeedJob): SeedOutcome {
  const events = new Map<string, number>()
  for (const { kind } of result.plan.events) events.set(kind, (events.get(kind) ?? 0) + 1)
  const { verdict, because, hash, figures, sometimes } = result
  const isSound = verdict === 'pass' && (job.hash === undefined || job.hash === hash)
  return { verdict, because, failures: failureKeys(result), hash, figures, sometimes, events: Object.fromEntries(events), ...(isSound ? {} : { result }) }
}

/** What a worker says after a job; `died` and `hung` are the end of it. */
export type WorkerAnswer =
  | { readonly kind: 'done'; readonly outcome: SeedOutcome; readonly isTired: boolean }
  | { readonly kind: 'died'; readonly why: string }
  | { readonly kind: 'hung'; readonly afterMs: number }

export interface CampaignWorker {
  /** One job at a time. */
  run(job: SeedJob): Promise<WorkerAnswer>
  /** Ends it, also in the middle of a job, which is then answered `died`. */
  stop(): void
}
