import type { Runtime, TimerHandle } from '@concord/runtime'

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Time that stands still until a test moves it, and randomness from a seed. */
export class VirtualRuntime implements Runtime {
  private time = 0
  private order = 0
  private seed: number
  private readonly pending = new Map<TimerHandle, Timer>()

  readonly clock = { now: () => 1_700_000_000_000 + this.time, monotonic: () => this.time }
  readonly timers = {
    set: (delayMs: number, run: () => void): TimerHandle => {
      const handle = { order: this.order } as unknown as TimerHandle
      this.pending.set(handle, { at: this.time + Math.max(0, delayMs), order: this.order++, run })
      return handle
    },
    clear: (timer: TimerHandle): void => void this.pending.delete(timer),
    soon: (run: () => void): void => void this.timers.set(0, run),
  }
  readonly random = {
    float: () => this.nextFloat(),
    bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(this.nextFloat() * 256)),
  }

  constructor(seed = 1) {
    this.seed = seed
  }

  /** Delays of the timers that are set, in milliseconds from now, ascending. */
  get delays(): readonly number[] {
    return Array.from(this.pending.values(), (timer) => timer.at - this.time).sort((a, b) => a - b)
  }

  /** Moves time on, running what is due in order, promises settled in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms
    await settle()
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.time = Math.max(this.time, next[1].at)
      this.pending.delete(next[0])
      next[1].run()
      await settle()
    }
    this.time = end
  }

  private next(end: number): [TimerHandle, Timer] | undefined {
    let first: [TimerHandle, Timer] | undefined
    for (const entry of this.pending) {
      const timer = entry[1]
      if (timer.at <= end && (first === undefined || timer.at < first[1].at || (timer.at === first[1].at && timer.order < first[1].order))) first = entry
    }
    return first
  }

  /** mulberry32 */
  private nextFloat(): number {
    this.seed = (this.seed + 0x6d2b79f5) | 0
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Lets promises that are ready settle. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
