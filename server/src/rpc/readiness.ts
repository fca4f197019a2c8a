/** Whether this server wants work: off before it listens and from the moment it is asked to stop. */
export class Readiness {
  #ready = false
  #waiting: ((changed: boolean) => void)[] = []

  get ready(): boolean {
    return this.#ready
  }

  set(ready: boolean): void {
    if (ready === this.#ready) return
    this.#ready = ready
    for (const resolve of this.#waiting.splice(0)) resolve(true)
  }

  /** Resolves with true at the next change, with false when the signal says that nobody waits any more. */
  changed(signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    if (signal.aborted) return Promise.resolve(false)
    this.#waiting.push(resolve)
    signal.addEventListener('abort', () => this.#leave(resolve), { once: true })
    return promise
  }

  #leave(resolve: (changed: boolean) => void): void {
    this.#waiting = this.#waiting.filter((one) => one !== resolve)
    resolve(false)
  }
}
