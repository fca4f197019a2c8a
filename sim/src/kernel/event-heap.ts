export interface TimedEvent {
  readonly time: number
  /** Seeded: decides between events of one time. */
  readonly tie: number
  /** Order of scheduling: decides where the tie does not. */
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

/** Binary heap of events, earliest first. */
export class EventHeap {
  readonly #events: TimedEvent[] = []

  get size(): number {
    return this.#events.length
  }

  peek(): TimedEvent | undefined {
    return this.#events[0]
  }

  push(event: TimedEvent): void {
    const events = this.#events
    let at = events.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(events[at], events[parent])) break
      this.#swap(at, parent)
      at = parent
    }
  }

  pop(): TimedEvent | undefined {
    const events = this.#events
    const first = events[0]
    const last = events.pop()
    if (first === undefined || last === undefined || events.length === 0) return first
    events[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      const right = left + 1
      const least = isBefore(events[right], events[left]) ? right : left
      if (!isBefore(events[least], events[at])) return first
      this.#swap(at, least)
      at = least
    }
  }

  #swap(a: number, b: number): void {
    const events = this.#events
    const [x, y] = [events[a], events[b]]
    if (x !== undefined && y !== undefined) [events[a], events[b]] = [y, x]
  }
}

function isBefore(a: TimedEvent | undefined, b: TimedEvent | undefined): boolean {
  if (a === undefined || b === undefined) return a !== undefined
  if (a.time !== b.time) return a.time < b.time
  if (a.tie !== b.tie) return a.tie < b.tie
  return a.order < b.order
}
