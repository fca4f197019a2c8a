import type { SeedOutcome } from './seed-job.ts'

/** Sums over the seeds of a campaign. */
export interface CampaignTotals {
  readonly seeds: number
  /** Of them run twice, with the hashes compared. */
  readonly repeated: number
  readonly versions: number
  readonly acknowledged: number
  readonly messages: number
  readonly reconnects: number
  readonly virtualMs: number
  /** Planned events by kind. */
  readonly events: Readonly<Record<string, number>>
  /** In how many seeds each condition was seen; 0: never, so its faults did not bite. */
  readonly sometimes: Readonly<Record<string, number>>
}

export const NO_TOTALS: CampaignTotals = { seeds: 0, repeated: 0, versions: 0, acknowledged: 0, messages: 0, reconnects: 0, virtualMs: 0, events: {}, sometimes: {} }

/** @param outcome undefined: the seed gave none */
export function withSeed(totals: CampaignTotals, outcome: SeedOutcome | undefined, isRepeated: boolean): CampaignTotals {
  const counted = { ...totals, seeds: totals.seeds + 1, repeated: totals.repeated + (isRepeated ? 1 : 0) }
  if (outcome === undefined) return counted
  const { figures, events, sometimes } = outcome
  return {
    ...counted,
    versions: totals.versions + figures.versions,
    acknowledged: totals.acknowledged + figures.acknowledged,
    messages: totals.messages + figures.messages,
    reconnects: totals.reconnects + figures.reconnects,
    virtualMs: totals.virtualMs + figures.virtualMs,
    events: summed(totals.events, events),
    sometimes: summed(totals.sometimes, Object.fromEntries(Object.entries(sometimes).map(([name, count]) => [name, count > 0 ? 1 : 0]))),
  }
}

export function neverSeen({ sometimes }: CampaignTotals): readonly string[] {
  return Object.keys(sometimes).filter((name) => sometimes[name] === 0)
}

function summed(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}
