import { type Runtime, systemRuntime, type TimerHandle } from '@concord/runtime'
import type { Tab } from '../../actors/tab.ts'

/** A tab on the real clock: what an earlier generation scheduled never runs. */
export class LiveTab implements Tab {
  #generation = 0
  #isUp = false
  #timers = new Set<TimerHandle>()
  #runtime: Runtime = systemRuntime

  get generation(): number {
    return this.#generation
  }

  get state(): 'up' | 'down' {
    return this.#isUp ? 'up' : 'down'
  }

  /** Of the generation that is alive. */
  get runtime(): Runtime {
    return this.#runtime
  }

  start(): Runtime {
    this.kill()
    this.#isUp = true
    const generation = this.#generation
    const alive = (run: () => void) => (): void => {
      if (generation === this.#generation) run()
    }
    const open = this.#timers
    const { clock, random, timers } = systemRuntime
    this.#runtime = {
      clock,
      random,
      timers: {
        set(delayMs, callback) {
          const handle: TimerHandle = timers.set(delayMs, () => {
            open.delete(handle)
            alive(callback)()
          })
          open.add(handle)
          return handle
        },
        clear(handle) {
          open.delete(handle)
          timers.clear(handle)
        },
        soon: (callback) => timers.soon(alive(callback)),
      },
    }
    return this.#runtime
  }

  kill(): void {
    this.#generation += 1
    this.#isUp = false
    for (const handle of this.#timers) systemRuntime.timers.clear(handle)
    this.#timers = new Set()
  }
}
