import type { Process } from '../kernel/process.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'

/** One processor: work is done one piece after the other, in the order in which it came. */
export class Processor {
  /** 1: as calibrated; 2: twice as slow. */
  slowness: number
  readonly #time: VirtualTime
  readonly #process: Process
  #freeAt = 0
  #busyMs = 0

  constructor(time: VirtualTime, process: Process, slowness: number) {
    this.#time = time
    this.#process = process
    this.slowness = slowness
  }

  /** Milliseconds it has worked or been promised to work, all together. */
  get busyMs(): number {
    return this.#busyMs
  }

  /** Milliseconds of work that waits or is being done. */
  get backlogMs(): number {
    return Math.max(0, this.#freeAt - this.#time.now)
  }

  /** @param costMs at slowness 1 */
  charge(costMs: number, run: () => void): void {
    const { generation } = this.#process
    const takes = costMs * this.slowness
    this.#freeAt = Math.max(this.#freeAt, this.#time.now) + takes
    this.#busyMs += takes
    this.#time.schedule(this.#freeAt - this.#time.now, () => this.#process.deliver(run, generation))
  }

  /** Nothing that waited is done any more. */
  reset(): void {
    this.#busyMs -= this.backlogMs
    this.#freeAt = 0
  }
}
