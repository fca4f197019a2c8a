import type { Open } from '@concord/protocol'
import type { Limits } from './limits.ts'
import type { ServerRules } from './rules.ts'

/** Bytes that a change takes on the way, where it was not measured. */
const CHANGE_BYTES = 40

/** Bytes of one unit of content. */
const UNIT_BYTES = 1.2

/** A client that has edited before is brought up by changes unless the content is this much cheaper: merging by changes is finer than merging by difference. */
const PATIENCE = 8

/** How a client is brought to the head (R4, R6, R15). */
export type CatchUpPlan =
  | { readonly resume: 'snapshot'; readonly forked: boolean }
  /** One version at a time up to `stepwiseUntil`, then composed up to `composedUntil` where that is above it, then as they come. */
  | { readonly resume: 'changes'; readonly from: number; readonly stepwiseUntil: number; readonly composedUntil: number }

export interface CatchUpFacts {
  readonly head: number
  /** Whether the client's version is one of this history. */
  readonly isAncestor: boolean
  readonly ownLastVersion: number
  /** Bytes of the changes since the client's version, where they are in memory. */
  readonly changeBytes: number | undefined
  /** Units of the content. */
  readonly length: number
}

export function planCatchUp(open: Pick<Open, 'version' | 'snapshot' | 'lastSeq'>, facts: CatchUpFacts, rules: ServerRules, limits: Limits): CatchUpPlan {
  const { version } = open
  const { head } = facts
  if (!facts.isAncestor) return { resume: 'snapshot', forked: true }
  if (open.snapshot || isContentCheaper(open, facts)) return { resume: 'snapshot', forked: false }
  const stepwiseUntil = rules.stepwiseUntil(version, facts.ownLastVersion)
  const composedUntil = head - stepwiseUntil >= limits.composeFrom ? head : stepwiseUntil
  return { resume: 'changes', from: version, stepwiseUntil, composedUntil }
}

function isContentCheaper({ version, lastSeq }: Pick<Open, 'version' | 'lastSeq'>, { head, changeBytes, length }: CatchUpFacts): boolean {
  const changes = changeBytes ?? (head - version) * CHANGE_BYTES
  const content = length * UNIT_BYTES + 256
  return changes > content * (lastSeq > 0 ? PATIENCE : 1)
}
