/** A rate with a burst. Time is handed in, in milliseconds of a clock that never goes back. */
export class TokenBucket {
  private readonly perMs: number
  private readonly burst: number
  private tokens: number
  private at: number

  constructor(perSecond: number, burst: number, now: number) {
    this.perMs = perSecond / 1_000
    this.burst = burst
    this.tokens = burst
    this.at = now
  }

  /** Milliseconds until a token is there; 0 when one is. */
  wait(now: number): number {
    this.refill(now)
    return this.tokens >= 1 ? 0 : Math.ceil((1 - this.tokens) / this.perMs)
  }

  /** Takes a token; false when there is none. */
  take(now: number): boolean {
    if (this.wait(now) > 0) return false
    this.tokens -= 1
    return true
  }

  /** Whether nothing was taken lately, so that a new bucket would say the same. */
  isFull(now: number): boolean {
    this.refill(now)
    return this.tokens >= this.burst
  }

  private refill(now: number): void {
    if (now <= this.at) return
    this.tokens = Math.min(this.burst, this.tokens + (now - this.at) * this.perMs)
    this.at = now
  }
}
