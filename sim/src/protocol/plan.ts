import type { Limits } from '@concord/server/core/limits'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import type { LinkFaults } from './faulty-link.ts'

/** Kinds of trouble; each seed draws its own mix, so that rare pairs meet. */
export const TROUBLES = ['cut', 'offline', 'stall', 'crash', 'stale disk', 'kill', 'stop', 'unknown', 'unavailable', 'misbehave', 'role', 'lose tail', 'corrupt', 'distrust', 'paste'] as const

export type Trouble = (typeof TROUBLES)[number]

/** What one seed expands to, before anything runs. */
export interface Plan {
  readonly seed: number
  /** User of each author; two tabs of one user share theirs. */
  readonly authors: readonly string[]
  readonly steps: number
  readonly stepMs: number
  readonly troubles: readonly Trouble[]
  /** Share of steps that are trouble instead of an edit. */
  readonly density: number
  readonly faults: LinkFaults
  readonly storageMs: number
  readonly deviceMs: number
  readonly limits: Partial<Limits>
}

export function planOf(seed: number): Plan {
  const random = new KeyedRandom(seed, 'plan')
  const authors = Array.from({ length: 2 + random.below(3) }, (_, index) => (index === 1 && random.chance(0.4) ? 'ada' : (['ada', 'bob', 'cyd', 'dee'][index] ?? 'ada')))
  // One kind alone is not put right by the next: a client that hangs is not freed by a cut that was planned anyway.
  const alone = random.chance(0.25)
  const rare: readonly Trouble[] = ['lose tail', 'corrupt', 'stale disk', 'misbehave', 'role']
  const troubles = alone ? [random.pick(TROUBLES)] : TROUBLES.filter((trouble) => random.chance(trouble === 'paste' ? 0.04 : rare.includes(trouble) ? 0.15 : 0.45))
  return {
    seed,
    authors,
    steps: 30 + random.below(60),
    stepMs: random.pick([5, 20, 60]),
    troubles: keepApart(troubles),
    density: alone ? 0.3 : random.pick([0.05, 0.15, 0.3]),
    faults: { delayMs: random.pick([1, 10, 40]), repeat: random.pick([0, 0.1, 0.3]), glitch: random.pick([0, 0, 0.02]), unary: random.chance(0.25), slowMs: random.pick([0, 0, 400]) },
    storageMs: random.pick([0, 3, 20]),
    deviceMs: random.pick([0, 0, 15]),
    limits: {
      windowOperations: random.pick([4, 8, 64, 1_000]),
      windowLeast: 1,
      batchOperations: random.pick([1, 2, 4]),
      composeFrom: random.pick([2, 3, 8]),
      snapshotOperations: random.pick([5, 20, 500]),
      hashOperations: random.pick([1, 4, 64]),
      documentIdleMs: random.pick([200, 120_000]),
      sessionLingerMs: 300_000,
      tickMs: random.pick([20, 1_000]),
      clientEntries: random.pick([1, 10_000]),
      storageRetryMs: 50,
      roleCacheMs: 5_000,
    },
  }
}

/**
 * A tail that is lost is brought back by the clients that wrote it. What takes their memory of it away is not planned with
 * it: a dead device, a refusal that hands edits back, and a paste, whose loss is a difference too large to be followed
 * edit by edit (`diff` then replaces the whole stretch, and own text in it counts as somebody else's).
 */
function keepApart(troubles: readonly Trouble[]): readonly Trouble[] {
  return troubles.includes('lose tail') ? troubles.filter((trouble) => !FORGETFUL.includes(trouble)) : troubles
}

const FORGETFUL: readonly Trouble[] = ['crash', 'stale disk', 'role', 'misbehave', 'paste']
