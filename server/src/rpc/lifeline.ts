import type { WireError } from '@concord/protocol'
import type { Identity } from '../ports/index.ts'
import type { EdgeLimits } from './edge-limits.ts'

/** How long a stream or socket may go on: until it is silent, old, or its token has run out. */
export class Lifeline {
  readonly #limits: EdgeLimits
  readonly #endsAt: number
  /** Monotonic time of the last thing sent or received. */
  touchedAt: number
  identity: Identity

  /** @param chance uniform in [0, 1): spreads the ages */
  constructor(limits: EdgeLimits, identity: Identity, now: number, chance: number) {
    this.#limits = limits
    this.#endsAt = now + limits.ageMs * (1 + limits.ageJitter * (2 * chance - 1))
    this.touchedAt = now
    this.identity = identity
  }

  /** Why it must end now, if it must. */
  over(now: number, wall: number): WireError | undefined {
    if (wall > this.identity.expiresAt + this.#limits.tokenGraceMs) return { reason: 'TOKEN_EXPIRED', message: 'the token has expired: refresh it, then open again' }
    if (now - this.touchedAt > this.#limits.idleMs) return { reason: 'IDLE_TIMEOUT', message: 'nothing was sent or received for too long: open again when there is something to say' }
    if (now > this.#endsAt) return { reason: 'DRAINING', message: 'the stream has reached its age: open again', retryAfterMs: 0 }
    return undefined
  }
}
