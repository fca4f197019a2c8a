import type { TimedEvent } from '../kernel/event-heap.ts'
import type { Conditions } from './conditions.ts'
import type { Carrier } from './line.ts'

/** First wait before lost traffic is sent again, doubled each time up to the last, in milliseconds (Linux: 200 ms at least). */
const RETRANSMIT_MS = 200
const RETRANSMIT_MOST_MS = 8_000

/**
 * A path that lets nothing through for this long is dead, in milliseconds. TCP alone would try for a quarter of an hour;
 * but both ends ping every 25 seconds and wait 8 for the answer.
 */
export const GIVE_UP_MS = 33_000

/** Less than this is nothing: sums of times are not exact. */
const TINY_MS = 1e-3

export interface PathParts {
  readonly conditions: Conditions
  readonly direction: 'up' | 'down'
  /** Whether a partition eats what would arrive now. */
  readonly blocked: () => boolean
  /** Nothing has come through for {@link GIVE_UP_MS}. */
  readonly gaveUp: () => void
  /** The sender had to wait and may go on. */
  readonly freed: () => void
}

/** Something under way, and what came after it. */
interface Parcel {
  readonly arrive: () => void
  readonly bytes: number
  /** When it could be there; what left before it is there first in any case. */
  at: number
  next: Parcel | undefined
}

/**
 * One direction of a connection: first in, first out. What leaves at one instant arrives together unless bandwidth spreads
 * it. Lost traffic is sent again until the path gives up, as TCP does; only the first parcel has an event in the heap.
 */
export class Path implements Carrier {
  readonly conditions: Conditions
  readonly #parts: PathParts
  /** Parcels under way, in the order in which they left. */
  #head: Parcel | undefined
  #tail: Parcel | undefined
  /** Parcels that wait for the window, in order. */
  #waiting: Parcel | undefined
  #lastWaiting: Parcel | undefined
  #event: TimedEvent | undefined
  #arriving = false
  #stopped = false
  /** The sender waits for room. */
  #isAwaited = false
  /** Bytes that left and are not acknowledged. */
  #underWay = 0
  /** When the line has taken what was put on it. */
  #lineFreeAt = 0
  #drawnAt = -1
  #drawn = 0
  #blockedSince: number | undefined
  #retransmitMs = RETRANSMIT_MS
  readonly #onDue = (): void => this.#due()

  constructor(parts: PathParts) {
    this.#parts = parts
    this.conditions = parts.conditions
  }

  /** Whether sizes matter: nobody needs to know them otherwise. */
  get counts(): boolean {
    const { bandwidth, window } = this.conditions
    return bandwidth > 0 || window > 0
  }

  /** Whether something sent now would leave at once. A sender that waits is told when the path has room. */
  hasRoom(): boolean {
    if (!this.#isFull()) return true
    this.#isAwaited = true
    return false
  }

  /** Bytes that left and are not acknowledged, or wait for that. */
  get held(): number {
    let bytes = this.#underWay
    for (let parcel = this.#waiting; parcel !== undefined; parcel = parcel.next) bytes += parcel.bytes
    return bytes
  }

  /**
   * @param isFresh a delay of its own even when something else leaves at this instant
   * @param extraMs on top of the path's delay
   */
  send(arrive: () => void, bytes: number, isFresh = false, extraMs = 0): void {
    if (this.#stopped) return
    const parcel: Parcel = { arrive, bytes, at: 0, next: undefined }
    if (this.#isFull()) this.#enqueue(parcel)
    else this.#depart(parcel, isFresh, extraMs)
  }

  /** Nothing arrives any more. */
  stop(): void {
    this.#stopped = true
    this.#head = this.#tail = this.#waiting = this.#lastWaiting = undefined
    if (this.#event !== undefined) this.#event.cancelled = true
    this.#event = undefined
  }

  #isFull(): boolean {
    const { window } = this.conditions
    return this.#waiting !== undefined || (window > 0 && this.#underWay >= window)
  }

  #enqueue(parcel: Parcel): void {
    if (this.#lastWaiting === undefined) this.#waiting = parcel
    else this.#lastWaiting.next = parcel
    this.#lastWaiting = parcel
  }

  #depart(parcel: Parcel, isFresh: boolean, extraMs: number): void {
    const { conditions } = this
    const { bandwidth, time } = conditions
    const { now } = time
    if (isFresh || this.#drawnAt !== now) {
      this.#drawnAt = now
      this.#drawn = conditions.delay() + (this.#parts.direction === 'down' ? conditions.congestion() : 0)
    }
    this.#lineFreeAt = Math.max(this.#lineFreeAt, now) + (bandwidth > 0 ? (parcel.bytes / bandwidth) * 1_000 : 0)
    parcel.at = this.#lineFreeAt + this.#drawn + extraMs
    this.#underWay += parcel.bytes
    if (this.#tail === undefined) this.#head = parcel
    else this.#tail.next = parcel
    this.#tail = parcel
    if (this.#event === undefined && !this.#arriving) this.#wait(parcel.at - now)
  }

  #wait(delayMs: number): void {
    this.#event = this.conditions.schedule(delayMs, this.#onDue)
  }

  #due(): void {
    const { conditions } = this
    const { time } = conditions
    const { blocked, direction } = this.#parts
    this.#event = undefined
    if (this.#head === undefined) return
    if (conditions.hung || blocked()) return this.#lost()
    this.#blockedSince = undefined
    if (direction === 'down' && conditions.stalledUntil - time.now > TINY_MS) return this.#wait(conditions.stalledUntil - time.now)
    this.#arrive(Math.max(this.#head.at, time.now))
    if (this.#head !== undefined) this.#wait((this.#head as Parcel).at - time.now)
  }

  /** Everything that is due by then arrives in one event. */
  #arrive(due: number): void {
    let bytes = 0
    this.#arriving = true
    for (let parcel = this.#head; parcel !== undefined && parcel.at <= due; parcel = this.#head) {
      this.#head = parcel.next
      if (this.#head === undefined) this.#tail = undefined
      bytes += parcel.bytes
      parcel.arrive()
    }
    this.#arriving = false
    if (bytes > 0) this.#taken(bytes)
  }

  /** The receiver has taken them; the sender hears of it one delay later. */
  #taken(bytes: number): void {
    const { conditions } = this
    if (conditions.window === 0) this.#acknowledged(bytes)
    else conditions.schedule(conditions.delay(), () => this.#acknowledged(bytes))
  }

  #acknowledged(bytes: number): void {
    this.#underWay -= bytes
    if (this.#stopped) return
    const { window } = this.conditions
    for (let parcel = this.#waiting; parcel !== undefined && (window === 0 || this.#underWay < window); parcel = this.#waiting) {
      this.#waiting = parcel.next
      if (this.#waiting === undefined) this.#lastWaiting = undefined
      parcel.next = undefined
      this.#depart(parcel, true, 0)
    }
    if (!this.#isAwaited || this.#isFull()) return
    this.#isAwaited = false
    this.#parts.freed()
  }

  #lost(): void {
    const { gaveUp } = this.#parts
    const { time } = this.conditions
    if (this.#blockedSince === undefined) this.#retransmitMs = RETRANSMIT_MS
    this.#blockedSince ??= time.now
    const leftMs = this.#blockedSince + GIVE_UP_MS - time.now
    if (leftMs < TINY_MS) {
      this.stop()
      return gaveUp()
    }
    this.#wait(Math.min(this.#retransmitMs, leftMs))
    this.#retransmitMs = Math.min(RETRANSMIT_MOST_MS, this.#retransmitMs * 2)
  }
}
