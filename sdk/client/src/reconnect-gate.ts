import type { Runtime, TimerHandle } from '@concord/runtime'

/** Full jitter: a delay is drawn from [0, min(cap, base * 2^failures)), in milliseconds. */
const BASE_MS = 500
const CAP_MS = 30_000

/** Failures in a row after which one waiter tries for all. */
const PROBE_AFTER = 5

interface Waiter {
  readonly run: () => void
  timer: TimerHandle | undefined
}

/**
 * Decides when a client's channels may try to connect again. All of a client share one gate: what fails for one document
 * mostly fails for all, and a server that comes back should meet one probe first, not every open document at once.
 */
export class ReconnectGate {
  private readonly runtime: Runtime
  private readonly waiters = new Set<Waiter>()
  private failures = 0
  private round = 0
  private probe: Waiter | undefined

  constructor(runtime: Runtime) {
    this.runtime = runtime
  }

  /** Failures since the last success. */
  get failureCount(): number {
    return this.failures
  }

  /** Runs `run` when it is time to try. `retryAfterMs` is the server's word and wins. Returns what cancels it. */
  wait(run: () => void, retryAfterMs?: number): () => void {
    const waiter: Waiter = { run, timer: undefined }
    this.waiters.add(waiter)
    if (this.failures < PROBE_AFTER || retryAfterMs !== undefined) this.arm(waiter, retryAfterMs ?? this.delay())
    else if (this.probe === undefined) this.startProbe(waiter)
    return () => this.cancel(waiter)
  }

  /** An attempt begins; its number goes to {@link failed}. */
  begin(): number {
    return this.round
  }

  /** An attempt failed. Attempts that ran side by side are one failure: ten documents on one socket are no ten outages. */
  failed(attempt: number): void {
    if (attempt !== this.round) return
    this.round++
    this.failures++
    this.nextProbe()
  }

  /** An attempt was given up by its owner: another may probe. */
  abandoned(attempt: number): void {
    if (attempt === this.round) this.nextProbe()
  }

  /** A channel is open: the others follow, spread over the base delay. */
  succeeded(): void {
    this.failures = 0
    this.round++
    this.probe = undefined
    for (const waiter of this.waiters) if (waiter.timer === undefined) this.arm(waiter, this.delay())
  }

  /** Everybody tries now: the application says that the network is back. */
  hurry(): void {
    this.failures = 0
    this.probe = undefined
    for (const waiter of [...this.waiters]) this.fire(waiter)
  }

  private nextProbe(): void {
    this.probe = undefined
    const next = [...this.waiters].find((waiter) => waiter.timer === undefined)
    if (next !== undefined) this.startProbe(next)
  }

  private startProbe(waiter: Waiter): void {
    this.probe = waiter
    this.arm(waiter, this.delay())
  }

  private arm(waiter: Waiter, delayMs: number): void {
    waiter.timer = this.runtime.timers.set(delayMs, () => this.fire(waiter))
  }

  private fire(waiter: Waiter): void {
    if (waiter.timer !== undefined) this.runtime.timers.clear(waiter.timer)
    if (this.waiters.delete(waiter)) waiter.run()
  }

  private cancel(waiter: Waiter): void {
    if (waiter.timer !== undefined) this.runtime.timers.clear(waiter.timer)
    this.waiters.delete(waiter)
    if (this.probe === waiter) this.nextProbe()
  }

  private delay(): number {
    return this.runtime.random.float() * Math.min(CAP_MS, BASE_MS * 2 ** this.failures)
  }
}
