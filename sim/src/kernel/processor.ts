import { Fifo } from './fifo.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

interface Work {
  readonly costMs: number
  readonly run: () => void
}

/**
 * The one processor of a node: work is done in the order in which it came, each piece after the one before. It belongs
 * to its process: a pause holds it up, a death empties it.
 */
export class Processor {
  /** Every piece of work takes so many times as long, from the next piece on. */
  slowness = 1
  readonly #time: VirtualTime
  readonly #process: Process
  #generation: number
  readonly #waiting = new Fifo<Work>()
  #current: { readonly from: number; readonly ms: number } | undefined
  #doneMs = 0

  constructor(time: VirtualTime, process: Process) {
    this.#time = time
    this.#process = process
    this.#generation = process.generation
  }

  /** Milliseconds of work done since the run began, the part of the current piece that is done included. */
  get busyMs(): number {
    this.#forgetTheDead()
    return this.#doneMs + (this.#current === undefined ? 0 : Math.min(this.#time.now - this.#current.from, this.#current.ms))
  }

  /** Pieces that wait or are being done. */
  get queued(): number {
    this.#forgetTheDead()
    return this.#waiting.size + (this.#current === undefined ? 0 : 1)
  }

  /**
   * Runs `run` once the processor has done all that came before and then `costMs` milliseconds of work: at once when it
   * is idle and the work is free. Never when the process is down, or dies before.
   */
  charge(costMs: number, run: () => void): void {
    this.#forgetTheDead()
    if (this.#process.state === 'down') return
    if (costMs === 0 && this.#current === undefined) return this.#process.deliver(run)
    this.#waiting.push({ costMs, run })
    if (this.#current === undefined) this.#begin()
  }

  #begin(): void {
    const work = this.#waiting.shift()
    this.#current = undefined
    if (work !== undefined) this.#do(work)
  }

  #do({ costMs, run }: Work): void {
    const generation = this.#generation
    this.#current = { from: this.#time.now, ms: costMs * this.slowness }
    const done = (): void => {
      this.#doneMs += this.#current?.ms ?? 0
      this.#begin()
      run()
    }
    this.#time.schedule(this.#current.ms, () => this.#process.deliver(done, generation))
  }

  /** What an earlier generation had to do is nobody's work any more; what it has done stays counted. */
  #forgetTheDead(): void {
    if (this.#generation === this.#process.generation) return
    if (this.#current !== undefined) this.#doneMs += Math.min(this.#time.now - this.#current.from, this.#current.ms)
    this.#generation = this.#process.generation
    this.#waiting.clear()
    this.#current = undefined
  }
}
