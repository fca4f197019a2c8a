import type { Clock, TimerHandle, Timers } from '@concord/runtime'

export interface Swept {
  /**
   * @param now milliseconds of the monotonic clock
   * @param wall milliseconds since 1970, for what tokens name
   */
  sweep(now: number, wall: number): void
}

/**
 * One timer that looks at every connection and stream, instead of several timers each. `now` is as coarse as the sweep:
 * noting an activity costs a read of a field.
 */
export class Sweeper {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #everyMs: number
  readonly #swept = new Set<Swept>()
  #timer: TimerHandle | undefined
  now: number

  constructor(clock: Clock, timers: Timers, everyMs: number) {
    this.#clock = clock
    this.#timers = timers
    this.#everyMs = everyMs
    this.now = clock.monotonic()
  }

  add(one: Swept): void {
    if (this.#swept.size === 0) this.now = this.#clock.monotonic()
    this.#swept.add(one)
    this.#timer ??= this.#timers.set(this.#everyMs, () => this.#sweep())
  }

  remove(one: Swept): void {
    this.#swept.delete(one)
    if (this.#swept.size > 0 || this.#timer === undefined) return
    this.#timers.clear(this.#timer)
    this.#timer = undefined
  }

  #sweep(): void {
    this.now = this.#clock.monotonic()
    this.#timer = this.#timers.set(this.#everyMs, () => this.#sweep())
    const wall = this.#clock.now()
    for (const one of this.#swept) one.sweep(this.now, wall)
  }
}
