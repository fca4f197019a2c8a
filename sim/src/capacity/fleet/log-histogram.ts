const STEP = Math.log(1.01)

/** Counts of positive numbers in buckets of 1 %: what a percentile needs of millions of samples. */
export class LogHistogram {
  readonly #counts: number[] = []
  #size = 0
  #max = 0

  get size(): number {
    return this.#size
  }

  add(value: number): void {
    const bucket = Math.floor(Math.log1p(Math.max(0, value)) / STEP)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#size += 1
    if (value > this.#max) this.#max = value
  }

  /** To 1 %; 0 without samples. `percent` 100 is exact. */
  percentile(percent: number): number {
    if (percent >= 100) return this.#max
    let left = (this.#size * percent) / 100
    for (const [bucket, count = 0] of this.#counts.entries()) {
      left -= count
      if (left <= 0 && count > 0) return Math.min(this.#max, Math.expm1((bucket + 0.5) * STEP))
    }
    return this.#max
  }
}
