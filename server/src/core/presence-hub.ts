import type { ClientId, ClientPresence, PresenceState, ServerPresence, WireError } from '@concord/protocol'
import { type DocumentKey, type Identity, keyText } from '../ports/index.ts'
import type { OpenFailure, PresenceHandle, PresenceHub } from './carrier.ts'
import { documentKey } from './document-name.ts'
import { failure, rateLimited, wireError } from './failures.ts'
import type { Parts } from './parts.ts'
import { checkPresence } from './presence-check.ts'
import { type PresenceCursor, PresenceRoom } from './presence-room.ts'
import { TokenBucket } from './token-bucket.ts'

/** What presence asks of the sessions: whether a client id is in use by that user just now. */
export interface LiveSessions {
  isPresent(doc: DocumentKey, clientId: ClientId, userId: string): boolean
}

interface OpenRoom {
  readonly doc: DocumentKey
  readonly people: PresenceRoom
  readonly streams: Map<ClientId, PresenceStream>
}

/** Who is where. Ephemeral, apart from documents and their log, so that it can drop or lag without touching an edit. */
export class CorePresenceHub implements PresenceHub {
  readonly parts: Parts
  private readonly sessions: LiveSessions
  private readonly rooms = new Map<string, OpenRoom>()
  private isTicking = false
  private isClosed = false

  constructor(parts: Parts, sessions: LiveSessions) {
    this.parts = parts
    this.sessions = sessions
  }

  open(identity: Identity, open: Extract<ClientPresence, { kind: 'open' }>, wake: () => void): Promise<PresenceHandle | OpenFailure> {
    const doc = documentKey(identity.tenant, open.document)
    if (this.isClosed || doc === undefined || !this.sessions.isPresent(doc, open.clientId, identity.userId)) return Promise.resolve(failure(NOT_OPEN))
    const room = this.room(doc)
    room.streams.get(open.clientId)?.finish(REPLACED)
    const cursor = room.people.join(open.clientId, open.anonymous ? '' : identity.userId, this.now())
    const stream = new PresenceStream(this, room, identity, cursor, open.anonymous, wake)
    room.streams.set(open.clientId, stream)
    this.schedule()
    return Promise.resolve(stream)
  }

  update(identity: Identity, document: string, clientId: string, message: ClientPresence): WireError | undefined {
    const doc = documentKey(identity.tenant, document)
    const stream = doc === undefined ? undefined : this.rooms.get(keyText(doc))?.streams.get(clientId)
    if (stream === undefined || stream.identity.userId !== identity.userId) return NOT_OPEN
    return stream.take(message)
  }

  /** Every stream ends. */
  close(): void {
    this.isClosed = true
    for (const { streams } of this.rooms.values()) for (const stream of [...streams.values()]) stream.finish(wireError('DRAINING', 'The server is shutting down.', { retryAfterMs: 1_000 }))
    this.rooms.clear()
  }

  now(): number {
    return this.parts.runtime.clock.monotonic()
  }

  left(room: OpenRoom, stream: PresenceStream): void {
    if (room.streams.get(stream.clientId) !== stream) return
    room.streams.delete(stream.clientId)
    room.people.leave(stream.clientId)
    if (room.streams.size === 0) this.rooms.delete(keyText(room.doc))
  }

  private room(doc: DocumentKey): OpenRoom {
    const key = keyText(doc)
    let room = this.rooms.get(key)
    if (room === undefined) {
      room = { doc, people: new PresenceRoom(this.parts.limits), streams: new Map() }
      this.rooms.set(key, room)
    }
    return room
  }

  /** Ticks only while somebody is there. */
  private schedule(): void {
    if (this.isTicking || this.isClosed || this.rooms.size === 0) return
    this.isTicking = true
    this.parts.runtime.timers.set(this.parts.limits.presenceTickMs, () => {
      this.isTicking = false
      this.tick()
    })
  }

  private tick(): void {
    const now = this.now()
    let participants = 0
    for (const room of [...this.rooms.values()]) {
      for (const clientId of room.people.silentSince(now - this.parts.limits.presenceTtlMs)) room.streams.get(clientId)?.finish(SILENT)
      for (const stream of room.streams.values()) stream.look(this.sessions, now)
      participants += room.people.size
    }
    this.parts.telemetry.gauge('presence_participants', participants)
    this.schedule()
  }
}

/** One client's presence: what it shows, and what it has been told of the others. */
export class PresenceStream implements PresenceHandle {
  readonly kind = 'presence'
  identity: Identity
  private readonly hub: CorePresenceHub
  private readonly room: OpenRoom
  private readonly cursor: PresenceCursor
  private readonly isAnonymous: boolean
  private readonly wake: () => void
  private readonly rate: TokenBucket
  private excess = 0
  private checkedAt: number
  private isAwake = false
  private end: WireError | 'done' | undefined

  constructor(hub: CorePresenceHub, room: OpenRoom, identity: Identity, cursor: PresenceCursor, isAnonymous: boolean, wake: () => void) {
    const { presencePerSecond } = hub.parts.limits
    this.hub = hub
    this.room = room
    this.identity = identity
    this.cursor = cursor
    this.isAnonymous = isAnonymous
    this.wake = wake
    this.checkedAt = hub.now()
    this.rate = new TokenBucket(presencePerSecond, presencePerSecond, this.checkedAt)
  }

  get clientId(): ClientId {
    return this.cursor.clientId
  }

  get ended(): WireError | 'done' | undefined {
    return this.end
  }

  receive(message: ClientPresence): void {
    if (this.end !== undefined) return
    const problem = this.take(message)
    if (problem !== undefined) this.finish(problem)
  }

  renew(identity: Identity): void {
    this.identity = identity
  }

  pull(): ServerPresence | undefined {
    this.isAwake = false
    return this.end === undefined ? this.room.people.difference(this.cursor) : undefined
  }

  close(): void {
    this.finish('done')
  }

  finish(error: WireError | 'done'): void {
    if (this.end !== undefined) return
    this.end = error
    this.hub.left(this.room, this)
    if (error !== 'done') this.stir()
  }

  /** Takes one message; says what is wrong with it. */
  take(message: ClientPresence): WireError | undefined {
    switch (message.kind) {
      case 'state':
        return this.show(message.state)
      case 'beat':
        this.room.people.update(this.clientId, undefined, this.hub.now())
        return undefined
      case 'open':
        return wireError('FRAME_MALFORMED', 'Presence is opened once: open another stream.', { field: 'open' })
      case 'refresh':
        return undefined
    }
  }

  /** Once per tick: tells the carrier when something is due, and ends with the session. */
  look(sessions: LiveSessions, now: number): void {
    const { limits, runtime } = this.hub.parts
    if (this.identity.expiresAt + limits.tokenGraceMs < runtime.clock.now()) return this.finish(wireError('TOKEN_EXPIRED', 'The token has expired. Refresh it and open again.'))
    if (now - this.checkedAt >= limits.tickMs) {
      this.checkedAt = now
      if (!sessions.isPresent(this.room.doc, this.clientId, this.identity.userId)) return this.finish(NOT_OPEN)
    }
    if (this.room.people.isBehind(this.cursor)) this.stir()
  }

  /** The latest state counts; too many are coalesced, far too many end the stream. */
  private show(state: PresenceState): WireError | undefined {
    const { limits } = this.hub.parts
    const problem = checkPresence(state, limits.presenceBytes)
    if (problem !== undefined) return problem
    const now = this.hub.now()
    if (this.rate.take(now)) this.excess = 0
    else if (++this.excess > limits.presenceFlood) return rateLimited(`At most ${limits.presencePerSecond} presence updates a second.`, 1_000)
    this.room.people.update(this.clientId, this.named(state), now)
    return undefined
  }

  private named(state: PresenceState): PresenceState {
    if (this.isAnonymous) return { ...state, name: '' }
    return state.name === '' ? { ...state, name: this.identity.name } : state
  }

  private stir(): void {
    if (this.isAwake) return
    this.isAwake = true
    this.wake()
  }
}

const NOT_OPEN = wireError('PRESENCE_NOT_OPEN', 'Presence needs a running session of this client id. Open the document first.')
const REPLACED = wireError('SESSION_REPLACED', 'The same client opened its presence again.')
const SILENT = wireError('IDLE_TIMEOUT', 'Silent for too long: beat every 5 seconds.')
