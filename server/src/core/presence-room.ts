import type { ClientId, Participant, PresenceState, ServerPresence } from '@concord/protocol'
import type { Limits } from './limits.ts'

interface Present {
  readonly clientId: ClientId
  readonly userId: string
  state: PresenceState | undefined
  /** Count of the room at which the state was set. */
  changedAt: number
  /** Monotonic milliseconds of the last sign of life. */
  seenAt: number
}

/** What one follower has been told. */
export interface PresenceCursor {
  readonly clientId: ClientId
  seen: number
  detail: ServerPresence['detail']
  count: number
  /** Clients shown to this follower. */
  readonly shown: Set<ClientId>
}

/**
 * Who is in one document, as values: the latest state of each client, and for each follower the difference to what it was
 * told. The more there are, the less is shown: everybody, then a sample, then a number.
 */
export class PresenceRoom {
  private readonly limits: Limits
  private readonly present = new Map<ClientId, Present>()
  private clock = 0

  constructor(limits: Limits) {
    this.limits = limits
  }

  get size(): number {
    return this.present.size
  }

  /** @param userId empty when anonymous */
  join(clientId: ClientId, userId: string, now: number): PresenceCursor {
    this.present.set(clientId, { clientId, userId, state: undefined, changedAt: ++this.clock, seenAt: now })
    return { clientId, seen: 0, detail: 'full', count: 0, shown: new Set() }
  }

  /** The client's latest state; without one, still here. False when it has left. */
  update(clientId: ClientId, state: PresenceState | undefined, now: number): boolean {
    const one = this.present.get(clientId)
    if (one === undefined) return false
    one.seenAt = now
    if (state === undefined) return true
    one.state = state
    one.changedAt = ++this.clock
    return true
  }

  leave(clientId: ClientId): void {
    if (this.present.delete(clientId)) this.clock++
  }

  /** Clients that were silent for too long. */
  silentSince(limit: number): ClientId[] {
    return [...this.present.values()].filter(({ seenAt }) => seenAt < limit).map(({ clientId }) => clientId)
  }

  /** Whether anything happened since the follower was told. */
  isBehind(cursor: PresenceCursor): boolean {
    return cursor.seen !== this.clock
  }

  /** What changed for a follower since it was told last; undefined when nothing did. */
  difference(cursor: PresenceCursor): ServerPresence | undefined {
    if (!this.isBehind(cursor)) return undefined
    const detail = this.detail()
    const count = this.present.size - (this.present.has(cursor.clientId) ? 1 : 0)
    const visible = this.visibleTo(cursor, detail)
    const updated: Participant[] = []
    for (const { clientId, userId, state, changedAt } of visible.values()) {
      if (state === undefined || (changedAt <= cursor.seen && cursor.shown.has(clientId))) continue
      updated.push({ clientId, userId, state })
      cursor.shown.add(clientId)
    }
    const left = [...cursor.shown].filter((clientId) => !visible.has(clientId))
    for (const clientId of left) cursor.shown.delete(clientId)
    const isNews = updated.length > 0 || left.length > 0 || detail !== cursor.detail || count !== cursor.count
    Object.assign(cursor, { seen: this.clock, detail, count })
    return isNews ? { updated, left, detail, count } : undefined
  }

  private detail(): ServerPresence['detail'] {
    if (this.present.size <= this.limits.presenceFull) return 'full'
    return this.present.size <= this.limits.presenceSampled ? 'sampled' : 'counts'
  }

  /** The sample is the longest present, so that it does not flicker. */
  private visibleTo(cursor: PresenceCursor, detail: ServerPresence['detail']): Map<ClientId, Present> {
    const most = detail === 'full' ? this.limits.presenceFull : detail === 'sampled' ? this.limits.presenceSample : 0
    const visible = new Map<ClientId, Present>()
    for (const one of this.present.values()) {
      if (visible.size >= most) break
      if (one.clientId !== cursor.clientId) visible.set(one.clientId, one)
    }
    return visible
  }
}
