import type { Runtime, TimerHandle } from '@concord/runtime'

/** What a global of the platform does at level http2, where libraries read clocks and set timers by themselves. */
export type VirtualCall = (runtime: Runtime, ...args: never[]) => unknown

type Callback = (...args: readonly unknown[]) => void

/** Stands for Node's `Timeout`: holds nothing open, because virtual time holds nothing open. */
export class VirtualTimer {
  readonly #runtime: Runtime
  readonly #delayMs: number
  readonly #repeats: boolean
  readonly #callback: () => void
  #timer: TimerHandle | undefined

  constructor(runtime: Runtime, callback: () => void, delayMs: number, repeats: boolean) {
    this.#runtime = runtime
    this.#callback = callback
    this.#delayMs = delayMs
    this.#repeats = repeats
    this.#start()
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  refresh(): this {
    this.close()
    this.#start()
    return this
  }

  close(): this {
    if (this.#timer !== undefined) this.#runtime.timers.clear(this.#timer)
    this.#timer = undefined
    return this
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #start(): void {
    this.#timer = this.#runtime.timers.set(this.#delayMs, () => {
      this.#timer = undefined
      if (this.#repeats) this.#start()
      this.#callback()
    })
  }
}

const timer = (repeats: boolean): VirtualCall => (runtime, callback: Callback, delayMs?: number, ...args: readonly unknown[]) =>
  new VirtualTimer(runtime, () => callback(...args), Math.max(1, Number(delayMs) || 1), repeats)

export const VIRTUAL = {
  now: ((runtime) => runtime.clock.now()) satisfies VirtualCall,
  date: ((runtime) => new Date(runtime.clock.now())) satisfies VirtualCall,
  dateText: ((runtime) => new Date(runtime.clock.now()).toString()) satisfies VirtualCall,
  monotonic: ((runtime) => runtime.clock.monotonic()) satisfies VirtualCall,
  hrtime: ((runtime, since?: readonly [number, number]) => difference(runtime.clock.monotonic(), since)) satisfies VirtualCall,
  hrtimeBigint: ((runtime) => BigInt(Math.round(runtime.clock.monotonic() * 1e6))) satisfies VirtualCall,
  setTimeout: timer(false),
  setInterval: timer(true),
  setImmediate: ((runtime, callback: Callback, ...args: readonly unknown[]) => {
    runtime.timers.soon(() => callback(...args))
    return {}
  }) satisfies VirtualCall,
} as const

/** Seconds and nanoseconds, as `process.hrtime` counts. */
function difference(ms: number, since: readonly [number, number] = [0, 0]): [number, number] {
  const nanoseconds = Math.round(ms * 1e6) - since[0] * 1e9 - since[1]
  return [Math.floor(nanoseconds / 1e9), nanoseconds % 1e9]
}
