import type { ClientId } from '@concord/protocol'
import type { Limits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** Rates by key; buckets that are full again are forgotten by {@link sweep}. */
export class Rates {
  private readonly buckets = new Map<string, TokenBucket>()
  private readonly perSecond: number
  private readonly burst: number
  /** Calls of {@link tidy} since it swept, and buckets that were left then. */
  private untidy = 0
  private left = 0

  constructor(perSecond: number, burst: number) {
    this.perSecond = perSecond
    this.burst = burst
  }

  /** Milliseconds until one more is allowed. */
  wait(key: string, now: number): number {
    return this.bucket(key, now).wait(now)
  }

  take(key: string, now: number): boolean {
    return this.bucket(key, now).take(now)
  }

  /** Buckets that are kept. */
  get size(): number {
    return this.buckets.size
  }

  /**
   * Sweeps once it has been called as often as buckets were left the last time, for whoever has no tick: each call pays
   * for two buckets at most, however many users come back at once, and what is kept is some twice what is in use.
   */
  tidy(now: number): void {
    this.untidy++
    if (this.untidy < this.left) return
    this.untidy = 0
    this.sweep(now)
    this.left = this.buckets.size
  }

  sweep(now: number): void {
    for (const [key, bucket] of this.buckets) if (bucket.isFull(now)) this.buckets.delete(key)
  }

  private bucket(key: string, now: number): TokenBucket {
    let bucket = this.buckets.get(key)
    if (bucket === undefined) {
      bucket = new TokenBucket(this.perSecond, this.burst, now)
      this.buckets.set(key, bucket)
    }
    return bucket
  }
}

/** Rates of operations: of a session, of a user over all documents, of the document. Operations above them wait their turn. */
export class OperationRates {
  private readonly sessions: Rates
  private readonly users: Rates
  private readonly document: TokenBucket

  /** @param users shared by all documents */
  constructor(limits: Limits, users: Rates, now: number) {
    this.sessions = new Rates(limits.sessionOperationsPerSecond, limits.sessionOperationsPerSecond)
    this.users = users
    this.document = new TokenBucket(limits.documentOperationsPerSecond, limits.documentOperationsPerSecond, now)
  }

  /** Takes one operation's share; milliseconds to wait when there is none, and then nothing is taken. */
  take(clientId: ClientId, user: string, now: number): number {
    const wait = Math.max(this.sessions.wait(clientId, now), this.users.wait(user, now), this.document.wait(now))
    if (wait > 0) return wait
    this.sessions.take(clientId, now)
    this.users.take(user, now)
    this.document.take(now)
    return 0
  }

  sweep(now: number): void {
    this.sessions.sweep(now)
  }
}
