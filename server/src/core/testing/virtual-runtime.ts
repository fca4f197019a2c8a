import type { Runtime, TimerHandle } from '@concord/runtime'

interface Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Time, timers and randomness for tests: nothing happens but in {@link settle} and {@link advance}, always in the same order. */
export class VirtualRuntime implements Runtime {
  private time = 1_000_000
  private order = 0
  private state: number
  private readonly waiting = new Map<number, Timer>()
  private due: (() => void)[] = []

  constructor(seed = 1) {
    this.state = seed >>> 0 || 1
  }

  readonly clock = { now: () => 1_700_000_000_000 + this.time, monotonic: () => this.time }

  readonly timers = {
    set: (delayMs: number, callback: () => void): TimerHandle => {
      const order = ++this.order
      this.waiting.set(order, { at: this.time + Math.max(0, delayMs), order, callback })
      return order as unknown as TimerHandle
    },
    clear: (timer: TimerHandle): void => void this.waiting.delete(timer as unknown as number),
    soon: (callback: () => void): void => void this.due.push(callback),
  }

  readonly random = {
    float: () => this.next() / 2 ** 32,
    bytes: (length: number) => Uint8Array.from({ length }, () => this.next() & 255),
  }

  /** Runs what is due now, and what follows from it, until nothing is. Bounded, so that a loop is a failure and no hang. */
  async settle(): Promise<void> {
    for (let round = 0; round < 10_000; round++) {
      // More turns of the microtask queue than any chain of awaits in the core has.
      for (let i = 0; i < 60; i++) await Promise.resolve()
      const due = this.due
      if (due.length === 0) return
      this.due = []
      for (const callback of due) callback()
    }
    throw new Error('nothing ever settles: work keeps asking for more work')
  }

  /** Lets time pass, timer by timer. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms
    await this.settle()
    for (let next = this.nextTimer(until); next !== undefined; next = this.nextTimer(until)) {
      this.waiting.delete(next.order)
      this.time = Math.max(this.time, next.at)
      next.callback()
      await this.settle()
    }
    this.time = until
  }

  get timerCount(): number {
    return this.waiting.size
  }

  private nextTimer(until: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.waiting.values()) {
      if (timer.at <= until && (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))) next = timer
    }
    return next
  }

  /** xorshift32 */
  private next(): number {
    let x = this.state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.state = x >>> 0
    return this.state
  }
}
