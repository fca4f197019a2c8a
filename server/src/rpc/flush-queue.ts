import type { Timers } from '@concord/runtime'

export interface Flushable {
  flush(): void
}

/**
 * Everything woken in one turn is flushed after it, in one go: a reader that missed four changes gets them in one write,
 * and a thousand readers cost one callback.
 */
export class FlushQueue {
  readonly #timers: Timers
  #due: Flushable[] = []

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** The caller sees to it that it stands in the queue at most once. */
  add(one: Flushable): void {
    this.#due.push(one)
    if (this.#due.length === 1) this.#timers.soon(() => this.#run())
  }

  #run(): void {
    const due = this.#due
    this.#due = []
    for (const one of due) one.flush()
  }
}
