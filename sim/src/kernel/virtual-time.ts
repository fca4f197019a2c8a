import type { Clock, Runtime, TimerHandle, Timers } from '@concord/runtime'
import { eachAfterTurns, eachSettled } from './drain.ts'
import { EventHeap, type TimedEvent } from './event-heap.ts'
import { KeyedRandom } from './keyed-random.ts'

/** A run that was given up: it says nothing about what it ran. */
export class TooManyEvents extends Error {
  override readonly name: string = 'TooManyEvents'
}

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
  #running = false
  readonly #turns: number

  /** @param turns of the event loop after each event; 0 where Node has no work of its own (all levels but http2) */
  constructor(seed: number, turns = 0) {
    this.#seed = seed
    this.#turns = turns
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

  /** @param ties decides between events of one time; drawn by whoever schedules, so that leaving one actor out moves no other's */
  schedule(delayMs: number, run: () => void, ties: KeyedRandom = this.#ties): TimedEvent {
    const event: TimedEvent = { time: this.#now + Math.max(0, delayMs), tie: ties.word(), order: this.#order++, run, cancelled: false }
    this.#heap.push(event)
    return event
  }

  /** Runs events up to `untilMs`; what is due later stays. Throws after `maxEvents`: something feeds itself. */
  async runUntil(untilMs: number, maxEvents = 1_000_000): Promise<void> {
    if (this.#running) throw new Error('virtual time is running already: wait for the run before the next one')
    this.#running = true
    const last = this.#count + maxEvents
    const step = (): boolean => this.#step(untilMs, last, maxEvents)
    try {
      await (this.#turns === 0 ? eachSettled(step) : eachAfterTurns(step, this.#turns))
    } finally {
      this.#running = false
    }
    this.#now = Math.max(this.#now, untilMs)
  }

  /** Runs the next event; false when none is due. What was cancelled needs no turn of its own: it runs nothing. */
  #step(untilMs: number, last: number, maxEvents: number): boolean {
    let event = this.#heap.peek()
    for (; event?.cancelled === true; event = this.#heap.peek()) this.#heap.pop()
    if (event === undefined || event.time > untilMs) return false
    if (this.#count >= last) throw new TooManyEvents(`more than ${maxEvents} events before ${untilMs} ms of virtual time`)
    this.#heap.pop()
    this.#now = event.time
    this.#count += 1
    event.run()
    return true
  }

  /** Ties of one node, actor or link. */
  ties(name: string): KeyedRandom {
    return new KeyedRandom(this.#seed, `ties ${name}`)
  }

  /** Clock, timers and randomness of one node. Its timers die with `isAlive`: a crashed node's callbacks never run. */
  runtime(name: string, isAlive: () => boolean = () => true): Runtime {
    const clock: Clock = { now: () => EPOCH_MS + Math.floor(this.#now), monotonic: () => this.#now }
    const ties = this.ties(name)
    const later = (delayMs: number, callback: () => void) => this.schedule(delayMs, () => isAlive() && callback(), ties)
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
