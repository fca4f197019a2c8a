import type { VirtualTime } from '../../kernel/virtual-time.ts'

/** Milliseconds of virtual time per turn of the pump. */
const TURN_MS = 1

/** Moves virtual time on for as long as somebody waits for an answer: for suites that know nothing of virtual time. */
export class Pump {
  readonly #time: VirtualTime
  #waiting = 0
  #running: Promise<void> | undefined

  constructor(time: VirtualTime) {
    this.#time = time
  }

  async until<T>(promise: Promise<T>): Promise<T> {
    this.#waiting += 1
    this.#running ??= this.#run()
    try {
      return await promise
    } finally {
      this.#waiting -= 1
    }
  }

  /** The same object; every method that answers later is pumped. */
  around<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name, object)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          const answer: unknown = Reflect.apply(value, object, given)
          return answer instanceof Promise ? this.until(answer) : answer
        }
      },
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting > 0) await this.#time.runUntil(this.#time.now + TURN_MS)
    this.#running = undefined
  }
}
