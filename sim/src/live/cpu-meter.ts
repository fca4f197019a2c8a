import { systemRuntime, type TimerHandle } from '@concord/runtime'

const EVERY_MS = 100

/** Processor time of a process over time, looked at now and then. */
export class CpuMeter {
  readonly #now: () => number
  readonly #cpuMs: () => number | undefined
  readonly #spent: { readonly at: number; readonly ms: number }[] = []
  #last = 0
  #timer: TimerHandle | undefined

  /** @param cpuMs since the process started; undefined while there is none, and smaller than before after a new start */
  constructor(now: () => number, cpuMs: () => number | undefined) {
    this.#now = now
    this.#cpuMs = cpuMs
  }

  begin(): void {
    this.#last = this.#cpuMs() ?? 0
    this.#wait()
  }

  end(): void {
    if (this.#timer !== undefined) systemRuntime.timers.clear(this.#timer)
  }

  /** Processors in use per step; above 1 where several threads work. Empty where the system does not say. */
  shares(stepMs: number, length: number): number[] {
    if (this.#spent.length === 0) return []
    const shares = Array.from({ length }, () => 0)
    for (const { at, ms } of this.#spent) {
      const step = Math.min(length - 1, Math.max(0, Math.floor(at / stepMs)))
      shares[step] = (shares[step] ?? 0) + ms / stepMs
    }
    return shares
  }

  #wait(): void {
    this.#timer = systemRuntime.timers.set(EVERY_MS, () => {
      this.#look()
      this.#wait()
    })
  }

  #look(): void {
    const total = this.#cpuMs()
    if (total === undefined) return
    this.#spent.push({ at: this.#now(), ms: total < this.#last ? total : total - this.#last })
    this.#last = total
  }
}
