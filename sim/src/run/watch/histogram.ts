/** Buckets grow by this factor: a percentile is off by at most 2 %. */
const GROWTH = 1.02
const LOG = Math.log(GROWTH)
/** The first bucket ends here, in milliseconds. */
const LEAST = 0.01

/** So many samples are kept as they are: most steps of small runs have no more, and need no buckets. */
const FEW = 32

/** Counts of latencies in buckets that grow geometrically, so that millions cost as much as a hundred. */
export class Histogram {
  #counts = new Uint32Array(0)
  /** Samples that no bucket counts yet. */
  #few: number[] = []
  #samples = 0

  get samples(): number {
    return this.#samples
  }

  /** @param ms not negative */
  add(ms: number): void {
    this.#samples += 1
    if (this.#few.push(ms) >= FEW) this.#settle()
  }

  #settle(): void {
    for (const ms of this.#few) this.#count(ms)
    this.#few.length = 0
  }

  #count(ms: number): void {
    const bucket = ms <= LEAST ? 0 : Math.ceil(Math.log(ms / LEAST) / LOG)
    if (bucket >= this.#counts.length) this.#grow(bucket + 64)
    this.#counts[bucket]! += 1
  }

  merge(other: Histogram): void {
    other.#settle()
    if (other.#counts.length > this.#counts.length) this.#grow(other.#counts.length)
    other.#counts.forEach((count, bucket) => (this.#counts[bucket]! += count))
    this.#samples += other.#samples
  }

  /** @param percentile 0 to 100; @returns the upper end of the bucket it falls into, in milliseconds; undefined without samples */
  at(percentile: number): number | undefined {
    if (this.#samples === 0) return undefined
    this.#settle()
    let left = Math.max(1, Math.ceil((percentile / 100) * this.#samples))
    for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
      left -= this.#counts[bucket]!
      if (left <= 0) return LEAST * GROWTH ** bucket
    }
    return undefined
  }

  #grow(length: number): void {
    const counts = new Uint32Array(length)
    counts.set(this.#counts)
    this.#counts = counts
  }
}
