import type { VirtualTime } from '../../kernel/virtual-time.ts'

interface Busy {
  readonly name: string
  /** Milliseconds of work done since the run began. */
  readonly busyMs: number
}

/** Share of each node's processor that was in use, per step of the plots. */
export class CpuShares {
  readonly #nodes: () => Iterable<Busy>
  readonly #shares = new Map<string, number[]>()
  readonly #last = new Map<string, number>()

  /** Looks every `stepMs` from now on. */
  constructor(time: VirtualTime, stepMs: number, nodes: () => Iterable<Busy>) {
    this.#nodes = nodes
    const look = (): void => {
      this.#look(stepMs)
      time.schedule(stepMs, look)
    }
    time.schedule(stepMs, look)
  }

  series(): Record<string, readonly number[]> {
    return Object.fromEntries(this.#shares)
  }

  #look(stepMs: number): void {
    for (const { name, busyMs } of this.#nodes()) {
      let shares = this.#shares.get(name)
      if (shares === undefined) this.#shares.set(name, (shares = []))
      shares.push(Math.min(1, (busyMs - (this.#last.get(name) ?? 0)) / stepMs))
      this.#last.set(name, busyMs)
    }
  }
}
