/** Servers with one processor and one queue each (FIFO): when work is handed over it is known when it ends. */
export class Stations {
  readonly count: number
  readonly #busyUntil: Float64Array
  /** Clients online at each: what they do all the time leaves less for the queue. */
  readonly #online: Int32Array
  readonly #loadPerClient: number
  /** Milliseconds of work since {@link takeWork} was asked last, and the longest wait. */
  #work = 0
  #longestWait = 0

  /** @param loadPerClient share of a processor that one online client takes all the time */
  constructor(count: number, loadPerClient = 0) {
    this.count = count
    this.#busyUntil = new Float64Array(count)
    this.#online = new Int32Array(count)
    this.#loadPerClient = loadPerClient
  }

  /** Time until work that arrives now would begin. */
  wait(station: number, now: number): number {
    return Math.max(0, (this.#busyUntil[station] ?? 0) - now)
  }

  /** Does `costMs` of work after everything before it. @returns when it is done */
  serve(station: number, now: number, costMs: number): number {
    const wait = this.wait(station, now)
    const done = now + wait + costMs / this.#speed(station)
    this.#busyUntil[station] = done
    this.#work += costMs
    if (wait > this.#longestWait) this.#longestWait = wait
    return done
  }

  online(station: number, by: 1 | -1 = 1): void {
    this.#online[station] = (this.#online[station] ?? 0) + by
  }

  setOnline(station: number, clients: number): void {
    this.#online[station] = clients
  }

  /** Forgets what waits there. */
  clear(station: number): void {
    this.#busyUntil[station] = 0
    this.#online[station] = 0
  }

  /** Milliseconds of work handed over and longest wait seen since the last call; and what the online ones take all the time, as a share of all stations. */
  take(): { readonly workMs: number; readonly longestWaitMs: number; readonly background: number } {
    const online = this.#online.reduce((sum, clients) => sum + clients, 0)
    const taken = { workMs: this.#work, longestWaitMs: this.#longestWait, background: (online * this.#loadPerClient) / this.count }
    this.#work = 0
    this.#longestWait = 0
    return taken
  }

  /** Share of the processor that is left for the queue: never less than a fiftieth, or an overload would never end. */
  #speed(station: number): number {
    return Math.max(0.02, 1 - (this.#online[station] ?? 0) * this.#loadPerClient)
  }
}
