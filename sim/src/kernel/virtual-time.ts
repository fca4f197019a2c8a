import type { Clock, Runtime, TimerHandle, Timers } from '@concord/runtime'
import { EventHeap, type TimedEvent } from './event-heap.ts'
import { KeyedRandom } from './keyed-random.ts'

/** Captured before anything can replace it: the one way in which the kernel waits for promises to settle. */
const immediate = setImmediate

/**
 * Time that moves only when nothing is left to do now. Events run one at a time, ordered by (time, seeded tie, order of
 * scheduling); after each, promises are drained to quiescence. The same seed gives the same run.
 */
export class VirtualTime {
  readonly #heap = new EventHeap()
  readonly #ties: KeyedRandom
  readonly #seed: number
  #now = 0
  #order = 0
  #count = 0

  constructor(seed: number) {
    this.#seed = seed
    this.#ties = new KeyedRandom(seed, 'ties')
  }

  /** Milliseconds since the run began. */
  get now(): number {
    return this.#now
  }

  /** Wall time in milliseconds since 1970 at this moment, fractions included. */
  get wall(): number {
    return EPOCH_MS + this.#now
  }

  /** Events that have run. */
  get count(): number {
    return this.#count
  }

  /** Events that wait. */
  get pending(): number {
    return this.#heap.size
  }

  schedule(delayMs: number, run: () => void): TimedEvent {
    const event: TimedEvent = { time: this.#now + Math.max(0, delayMs), tie: this.#ties.float(), order: this.#order++, run, cancelled: false }
    this.#heap.push(event)
    return event
  }

  /** Runs events up to `untilMs`; what is due later stays. Throws after `maxEvents`: something feeds itself. */
  async runUntil(untilMs: number, maxEvents = 1_000_000): Promise<void> {
    await settle()
    for (let count = 0; ; count += 1) {
      const event = this.#heap.peek()
      if (event === undefined || event.time > untilMs) break
      if (count >= maxEvents) throw new Error(`more than ${maxEvents} events before ${untilMs} ms of virtual time`)
      this.#heap.pop()
      if (event.cancelled) continue
      this.#now = event.time
      this.#count += 1
      event.run()
      await settle()
    }
    this.#now = Math.max(this.#now, untilMs)
  }

  /** Clock, timers and randomness of one node. Its timers die with `isAlive`: a crashed node's callbacks never run. */
  runtime(name: string, isAlive: () => boolean = () => true): Runtime {
    const clock: Clock = { now: () => EPOCH_MS + Math.floor(this.#now), monotonic: () => this.#now }
    const later = (delayMs: number, callback: () => void) => this.schedule(delayMs, () => isAlive() && callback())
    const timers: Timers = {
      set: (delayMs, callback) => later(delayMs, callback) as unknown as TimerHandle,
      clear: (timer) => void ((timer as unknown as TimedEvent).cancelled = true),
      soon: (callback) => void later(0, callback),
    }
    return { clock, timers, random: new KeyedRandom(this.#seed, name) }
  }
}

/** Virtual time begins in November 2023, so that wall times in traces look like wall times. */
const EPOCH_MS = 1_700_000_000_000

/** Resolves when every promise that could settle has. */
function settle(): Promise<void> {
  return new Promise((resolve) => immediate(resolve))
}
