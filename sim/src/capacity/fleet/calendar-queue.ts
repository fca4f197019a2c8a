/** Width of a bucket in milliseconds. */
const WIDTH = 1
/** Buckets of the wheel: 131 s. What lies further away waits in lists of one turn of the wheel each. */
const SLOTS = 1 << 17
const NONE = -1

/**
 * Events of numbered clients, at most one each, by time. Millions of them in a few typed arrays: a bucket is a list
 * linked through `next`. Buckets run in order; inside a bucket events run by (time, client), and what an event adds to its
 * own bucket runs in another pass over it. Nothing depends on the order of insertion.
 */
export class CalendarQueue {
  readonly #next: Int32Array
  readonly #time: Float64Array
  readonly #heads = new Int32Array(SLOTS).fill(NONE)
  readonly #turns: number[] = []
  #scratch = new Float64Array(1024)
  #bucket = 0
  #size = 0

  constructor(clients: number) {
    this.#next = new Int32Array(clients)
    this.#time = new Float64Array(clients)
  }

  get size(): number {
    return this.#size
  }

  /** The client must have no event waiting. What is due in the past is due now. */
  push(client: number, time: number): void {
    const bucket = Math.max(this.#bucket, Math.floor(time / WIDTH))
    this.#time[client] = Math.max(time, this.#bucket * WIDTH)
    this.#size += 1
    const turn = Math.floor(bucket / SLOTS)
    if (turn > Math.floor(this.#bucket / SLOTS)) {
      this.#next[client] = this.#turns[turn] ?? NONE
      this.#turns[turn] = client
      return
    }
    this.#link(client, bucket)
  }

  /** Runs everything up to `untilMs`; `run` may push. */
  run(untilMs: number, run: (client: number, time: number) => void): void {
    for (; this.#size > 0 && this.#bucket * WIDTH < untilMs; this.#advance()) {
      const slot = this.#bucket % SLOTS
      while (this.#heads[slot] !== NONE) this.#runBucket(slot, run)
    }
  }

  #link(client: number, bucket: number): void {
    const slot = bucket % SLOTS
    this.#next[client] = this.#heads[slot] ?? NONE
    this.#heads[slot] = client
  }

  #advance(): void {
    this.#bucket += 1
    if (this.#bucket % SLOTS !== 0) return
    const turn = this.#bucket / SLOTS
    let client = this.#turns[turn] ?? NONE
    delete this.#turns[turn]
    while (client !== NONE) {
      const following = this.#next[client] ?? NONE
      this.#link(client, Math.floor((this.#time[client] ?? 0) / WIDTH))
      client = following
    }
  }

  /** Sorts one pass by (time, client), both in one number: 24 bits of the millisecond, 28 bits of client. */
  #runBucket(slot: number, run: (client: number, time: number) => void): void {
    let count = 0
    const start = this.#bucket * WIDTH
    for (let client = this.#heads[slot] ?? NONE; client !== NONE; client = this.#next[client] ?? NONE) {
      if (count === this.#scratch.length) this.#grow()
      const fraction = Math.min(0xffffff, Math.floor((((this.#time[client] ?? 0) - start) / WIDTH) * 0x1000000))
      this.#scratch[count] = fraction * 0x10000000 + client
      count += 1
    }
    this.#heads[slot] = NONE
    this.#size -= count
    const keys = this.#scratch.slice(0, count).sort()
    for (const key of keys) {
      const client = key % 0x10000000
      run(client, this.#time[client] ?? start)
    }
  }

  #grow(): void {
    const wider = new Float64Array(this.#scratch.length * 2)
    wider.set(this.#scratch)
    this.#scratch = wider
  }
}
