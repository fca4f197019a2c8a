import type { Level } from '../plan/plan.ts'
import type { RunResult } from '../run/run-result.ts'
import type { SeedSetState } from './seed-set.ts'
import { neverSeen, type CampaignTotals } from './totals.ts'

export interface CampaignOptions {
  readonly scenarios: readonly string[]
  /** First and last seed, of each scenario. */
  readonly from: number
  readonly to: number
  readonly level?: Level
  readonly bugs: readonly string[]
  /** Share of the seeds that are run twice, their hashes compared. */
  readonly repeat: number
  /** The campaign ends after this many findings. */
  readonly stopAfter: number
  /** Conditions without which the campaign fails. */
  readonly required: readonly string[]
}

/** A seed that did not pass. `differs`: it ran twice and the hashes differ, so that no seed can be trusted. */
export interface Finding {
  readonly scenario: string
  readonly seed: number
  readonly verdict: 'fail' | 'unknown' | 'crashed' | 'differs'
  readonly because: string
  /** File of the result in the campaign's folder; absent when the seed gave none. */
  readonly file?: string
}

/** A finding on its way to the folder. */
export interface FoundResult {
  readonly finding: Finding
  readonly result: RunResult | undefined
}

/** `summary.json` of a campaign: what was found so far, and all it takes to go on. Plain JSON. */
export interface CampaignState {
  readonly format: 1
  readonly options: CampaignOptions
  readonly commit: string
  readonly node: string
  /** `stopped`: after too many findings. `interrupted`: by its caller; `running` means that too when nothing runs. */
  readonly ended: 'running' | 'complete' | 'stopped' | 'interrupted'
  /** Wall milliseconds. */
  readonly tookMs: number
  readonly totals: CampaignTotals
  readonly findings: readonly Finding[]
  readonly done: Readonly<Record<string, SeedSetState>>
}

export type CampaignVerdict = 'pass' | 'fail' | 'unknown' | 'crashed'

/** What a whole campaign says. A failure outweighs a crash, and both outweigh what could not be told. */
export function campaignVerdict(state: CampaignState): CampaignVerdict {
  const has = (verdict: Finding['verdict']): boolean => state.findings.some((finding) => finding.verdict === verdict)
  if (has('fail') || has('differs')) return 'fail'
  if (has('crashed')) return 'crashed'
  if (has('unknown') || state.ended === 'interrupted' || state.ended === 'running') return 'unknown'
  return state.ended === 'complete' && missing(state).length > 0 ? 'fail' : 'pass'
}

/** Required conditions that no seed has shown. */
export function missing({ options, totals }: CampaignState): readonly string[] {
  const unseen = new Set(neverSeen(totals))
  return options.required.filter((name) => unseen.has(name) || totals.sometimes[name] === undefined)
}
