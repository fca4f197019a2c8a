import type { Clock, Runtime, TimerHandle, Timers } from '@concord/runtime'
import type { TimedEvent } from './event-heap.ts'
import type { KeyedRandom } from './keyed-random.ts'
import type { VirtualTime } from './virtual-time.ts'

/**
 * One machine's process under virtual time: it starts, dies without a word, is stopped in the middle of things and goes
 * on. Each start is a generation; what an earlier generation scheduled never runs, and what falls due while it is paused
 * runs, in order, when it resumes.
 */
export class Process {
  readonly name: string
  /** Its wall clock is ahead by this many milliseconds; durations are not concerned. */
  skewMs = 0
  readonly #time: VirtualTime
  readonly #ties: KeyedRandom
  readonly #parked: (() => void)[] = []
  #generation = 0
  #state: 'up' | 'down' | 'paused' = 'down'

  constructor(time: VirtualTime, name: string) {
    this.#time = time
    this.name = name
    this.#ties = time.ties(name)
  }

  get generation(): number {
    return this.#generation
  }

  get state(): 'up' | 'down' | 'paused' {
    return this.#state
  }

  /** Begins the next generation and gives it clock, timers and randomness of its own. */
  start(): Runtime {
    this.#generation += 1
    this.#state = 'up'
    const generation = this.#generation
    const { random } = this.#time.runtime(`${this.name}.${generation}`)
    const later = (delayMs: number, callback: () => void): TimedEvent => this.#time.schedule(delayMs, () => this.deliver(callback, generation), this.#ties)
    const clock: Clock = { now: () => Math.floor(this.#time.wall + this.skewMs), monotonic: () => this.#time.now }
    const timers: Timers = {
      set: (delayMs, callback) => {
        // A timer that was cleared while its process was paused must not run when it resumes.
        const event = later(delayMs, () => event.cancelled || callback())
        return event as unknown as TimerHandle
      },
      clear: (timer) => void ((timer as unknown as TimedEvent).cancelled = true),
      soon: (callback) => void later(0, callback),
    }
    return { clock, timers, random }
  }

  /** Everything that is scheduled or awaited by this generation is gone. */
  kill(): void {
    this.#generation += 1
    this.#state = 'down'
    this.#parked.length = 0
  }

  pause(): void {
    if (this.#state === 'up') this.#state = 'paused'
  }

  /** What fell due meanwhile runs now, one event each, a hair apart so that the order holds. */
  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'up'
    const generation = this.#generation
    this.#parked.splice(0).forEach((run, index) => this.#time.schedule(index * 1e-6, () => this.deliver(run, generation), this.#ties))
  }

  /** Runs `run` now when that generation is alive, later when it is paused, never when it is over. */
  deliver(run: () => void, generation: number = this.#generation): void {
    if (generation !== this.#generation || this.#state === 'down') return
    if (this.#state === 'paused') this.#parked.push(run)
    else run()
  }
}
