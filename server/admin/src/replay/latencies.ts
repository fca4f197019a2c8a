import { build, type Histogram } from 'hdr-histogram-js'

export interface Percentiles {
  readonly count: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/**
 * Times between a submit that leaves a client and what follows from it. All clients live in one process, so one clock
 * measures both ends. A client has one submit in flight, so its ack tells which version its submit became; changes that
 * others saw before that ack wait for it.
 */
export class Latencies {
  readonly #ack = histogram()
  readonly #visible = histogram()
  /** When the submit of a version left; a version is forgotten once everybody can have seen it. */
  readonly #left = new Map<number, number>()
  readonly #seenEarly = new Map<number, number[]>()
  readonly #keep = 10_000

  acked(version: number, left: number, now: number): void {
    this.#ack.recordValue(micros(now - left))
    for (const seen of this.#seenEarly.get(version) ?? []) this.#visible.recordValue(micros(seen - left))
    this.#seenEarly.delete(version)
    this.#left.set(version, left)
    const [oldest] = this.#left.keys()
    if (this.#left.size > this.#keep && oldest !== undefined) this.#left.delete(oldest)
  }

  seen(version: number, now: number): void {
    const left = this.#left.get(version)
    if (left !== undefined) this.#visible.recordValue(micros(now - left))
    else this.#seenEarly.set(version, [...(this.#seenEarly.get(version) ?? []), now])
  }

  ack(): Percentiles {
    return percentiles(this.#ack)
  }

  visible(): Percentiles {
    return percentiles(this.#visible)
  }
}

function histogram(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 })
}

function micros(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds * 1000))
}

function percentiles(values: Histogram): Percentiles {
  const at = (percent: number): number => (values.totalCount === 0 ? 0 : values.getValueAtPercentile(percent) / 1000)
  return { count: values.totalCount, p50: at(50), p95: at(95), p99: at(99), max: values.totalCount === 0 ? 0 : values.maxValue / 1000 }
}
