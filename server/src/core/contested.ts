import type { Random } from '@concord/runtime'

/** A document that stays with one owner for this long is not contested any more. Milliseconds. */
const FORGET_MS = 60_000

/** Longest time for which a contested document is left to the others. Milliseconds. */
const MAX_HOLD_MS = 16_000

interface Loss {
  count: number
  /** Monotonic milliseconds. */
  at: number
  heldUntil: number
}

/**
 * Documents that other owners took from this one. Who loses a document once may take it back at once, as after a pause;
 * who loses it again and again shares it with somebody whose clients come back as quickly as his own: he leaves it alone
 * for a while, twice as long every time, so that both get on instead of taking turns at every operation.
 */
export class Contested {
  private readonly losses = new Map<string, Loss>()
  private readonly holdMs: number
  private readonly random: Random

  /** @param holdMs how long the second loss keeps this owner away */
  constructor(holdMs: number, random: Random) {
    this.holdMs = holdMs
    this.random = random
  }

  /** Another owner has the document. @param now monotonic milliseconds */
  lost(key: string, now: number): void {
    const loss = this.losses.get(key) ?? { count: 0, at: now, heldUntil: now }
    loss.count = now - loss.at > FORGET_MS ? 1 : loss.count + 1
    loss.at = now
    const hold = loss.count < 2 ? 0 : Math.min(MAX_HOLD_MS, this.holdMs * 2 ** (loss.count - 2))
    loss.heldUntil = now + hold * (0.5 + this.random.float() / 2)
    this.losses.set(key, loss)
  }

  /** Milliseconds for which the document is left to others; 0: it may be claimed. */
  wait(key: string, now: number): number {
    const loss = this.losses.get(key)
    return loss === undefined ? 0 : Math.max(0, Math.ceil(loss.heldUntil - now))
  }

  /** Forgets what is long over. */
  sweep(now: number): void {
    for (const [key, { at }] of this.losses) if (now - at > FORGET_MS) this.losses.delete(key)
  }
}
