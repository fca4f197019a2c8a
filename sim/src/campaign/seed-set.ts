/** Seeds that are done, of a range that is worked off nearly in order: all below `next`, and some ahead of it. */
export class SeedSet {
  #next: number
  readonly #ahead: Set<number>

  constructor({ next, ahead }: SeedSetState) {
    this.#next = next
    this.#ahead = new Set(ahead)
  }

  has(seed: number): boolean {
    return seed < this.#next || this.#ahead.has(seed)
  }

  add(seed: number): void {
    this.#ahead.add(seed)
    while (this.#ahead.delete(this.#next)) this.#next += 1
  }

  get state(): SeedSetState {
    return { next: this.#next, ahead: [...this.#ahead].toSorted((a, b) => a - b) }
  }
}

export interface SeedSetState {
  /** All seeds of the range below this one are done. */
  readonly next: number
  readonly ahead: readonly number[]
}
