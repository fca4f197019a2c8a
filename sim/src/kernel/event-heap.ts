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
      const above = (at - 1) >> 1
      const parent = events[above]!
      if (!isBefore(event, parent)) break
      events[at] = parent
      at = above
    }
    events[at] = event
  }

  pop(): TimedEvent | undefined {
    const events = this.#events
    const first = events[0]
    const last = events.pop()
    if (last !== undefined && events.length > 0) this.#sink(last)
    return first
  }

  /** Puts `event` where the first one was, and lets it sink to its place. */
  #sink(event: TimedEvent): void {
    const events = this.#events
    const { length } = events
    let at = 0
    for (let below = 1; below < length; below = 2 * at + 1) {
      if (below + 1 < length && isBefore(events[below + 1]!, events[below]!)) below += 1
      const child = events[below]!
      if (!isBefore(child, event)) break
      events[at] = child
      at = below
    }
    events[at] = event
  }
}

function isBefore(a: TimedEvent, b: TimedEvent): boolean {
  if (a.time !== b.time) return a.time < b.time
  if (a.tie !== b.tie) return a.tie < b.tie
  return a.order < b.order
}
