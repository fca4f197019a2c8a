import type { ClientFrame, ClientId, Open, Opened, ResyncReason, Role, SessionId, Submit, WireError } from '@concord/protocol'
import { type Identity, keyText, LogDamaged, StorageUnavailable } from '../ports/index.ts'
import type { SharedFrame } from './carrier.ts'
import { catchUp, type CatchUpSource } from './catch-up.ts'
import { type CatchUpPlan, planCatchUp } from './catch-up-plan.ts'
import type { Client } from './client-table.ts'
import { CLIENT_ID_FOREIGN, NOT_FOUND, OWNER_MOVED, SESSION_REPLACED, storageUnavailable, wireError } from './failures.ts'
import { findOwnCommit } from './find-own-commit.ts'
import { mayDo } from './permissions.ts'
import type { RoleCache } from './role-cache.ts'
import type { CommittedText, Sequencer, Session } from './sequencer.ts'
import { SessionStream, type StreamOwner } from './session-stream.ts'
import { SnapshotFeed } from './snapshot-feed.ts'
import type { Decided, SubmitDesk } from './submit-desk.ts'

/** What sessions need of their document. */
export interface SessionRoom {
  readonly source: CatchUpSource
  readonly sequencer: Sequencer
  readonly roles: RoleCache
  readonly submits: SubmitDesk
  readonly facts: { readonly title: string; readonly type: string }
  readonly over: WireError | undefined
  /** Resolves after the next commit, or when the epoch is over. */
  nextCommit(): Promise<void>
  committedText(): Promise<CommittedText | undefined>
}

/** Where a reader stands when its session begins. */
type Place = Pick<Open, 'version' | 'snapshot' | 'lastSeq'> & { readonly epoch?: number }

/** Opens sessions, opens them again (R2, R5), and hands what they say to whom it concerns. */
export class SessionDesk implements StreamOwner {
  readonly source: CatchUpSource
  private readonly room: SessionRoom
  private readonly streams = new Map<ClientId, SessionStream>()
  /** Sessions without a carrier, with the monotonic time at which they end: unary submits still find them. */
  private readonly lingering = new Map<SessionId, { readonly session: Session; readonly until: number }>()
  private feed: { readonly content: SnapshotFeed; usedAt: number } | undefined

  constructor(room: SessionRoom) {
    this.room = room
    this.source = room.source
  }

  get size(): number {
    return this.streams.size
  }

  /** Sessions whose carrier is gone and may come back. */
  get withoutCarrier(): number {
    return this.lingering.size
  }

  /** Sessions that may edit. */
  get editors(): number {
    let count = 0
    for (const { role } of this.streams.values()) if (mayDo(role, 'edit')) count++
    return count
  }

  /** Whether a live session has this client id for this user. */
  isPresent(clientId: ClientId, userId: string): boolean {
    return this.streams.get(clientId)?.session.userId === userId
  }

  async open(identity: Identity, open: Open, wake: () => void): Promise<SessionStream | WireError> {
    const client = await this.clientFor(identity, open)
    if ('reason' in client) return client
    const session = await this.admit(client, identity.userId)
    if ('reason' in session) return session
    // Another open of the same client id was let in before this one had a stream that could have been told.
    if (client.session !== session.id) return SESSION_REPLACED
    const stream = new SessionStream(this, identity, session, wake)
    this.streams.set(client.clientId, stream)
    this.room.sequencer.hashes.joined()
    this.lingering.delete(session.id)
    const isResumed = open.clientId === client.clientId
    this.source.parts.telemetry.count(isResumed ? 'sessions_resumed_total' : 'sessions_opened_total')
    await this.begin(stream, session, open)
    if (stream.ended !== undefined && stream.ended !== 'done') return stream.ended
    this.soon(() => stream.start())
    return stream
  }

  /** Opens a running session again by itself: same fence, same frame, same code as any open (R5). */
  async reopen(stream: SessionStream, reason: ResyncReason): Promise<void> {
    if (stream.isReopening || stream.ended !== undefined) return
    stream.isReopening = true
    const { sequencer } = this.room
    const { telemetry, limits } = this.source.parts
    telemetry.count('resyncs_total')
    const client = sequencer.clients.get(stream.session.clientId)
    if (client === undefined) return stream.finish(SESSION_REPLACED)
    const session = await this.admit(client, stream.session.userId, stream)
    if ('reason' in session) return stream.finish(session)
    if (stream.isOver) return sequencer.close(session, false)
    const place: Place = { version: stream.cursor ?? 0, snapshot: reason === 'diverged' || stream.cursor === undefined, lastSeq: 1 }
    await this.begin(stream, session, place, reason).catch(() => stream.finish(storageUnavailable(limits.storageRetryMs)))
  }

  // What streams report.

  received(stream: SessionStream, frame: ClientFrame): void {
    switch (frame.kind) {
      case 'submit':
        return this.submitted(stream, frame.submit)
      case 'progress':
        return this.progressed(stream, frame.version, frame.hash)
      case 'open':
        return this.end(stream, wireError('FRAME_MALFORMED', 'A session is opened once: open another stream.', { field: 'open' }))
      case 'refresh':
        return
    }
  }

  fellOut(stream: SessionStream): void {
    void this.reopen(stream, 'slow_reader')
  }

  catchUpFailed(stream: SessionStream, error: unknown): void {
    const { parts, doc } = this.source
    const isStorage = error instanceof StorageUnavailable && !(error instanceof LogDamaged)
    if (!isStorage) parts.telemetry.log('error', 'a catch-up failed', { document: keyText(doc), cause: String(error) })
    this.end(stream, isStorage ? storageUnavailable(parts.limits.storageRetryMs) : wireError('DATA_LOSS', 'The stored document fails its checks. An operator must repair it.'))
  }

  detached(stream: SessionStream): void {
    const { session } = stream
    if (this.streams.get(session.clientId) !== stream) return
    this.streams.delete(session.clientId)
    if (this.room.sequencer.session(session.id) === undefined) return
    const { limits, runtime } = this.source.parts
    this.lingering.set(session.id, { session, until: runtime.clock.monotonic() + limits.sessionLingerMs })
    const [oldest] = this.lingering.values()
    if (this.lingering.size > limits.lingeringSessions && oldest !== undefined) this.forget(oldest.session)
  }

  soon(callback: () => void): void {
    this.source.parts.runtime.timers.soon(callback)
  }

  // What happens to all of them.

  /** New changes are in the window. */
  stirAll(): void {
    for (const stream of this.streams.values()) stream.stir()
  }

  finishAll(error: WireError): void {
    for (const stream of this.streams.values()) stream.finish(error)
    this.streams.clear()
    this.lingering.clear()
  }

  all(): Iterable<SessionStream> {
    return this.streams.values()
  }

  /** A frame to those who have everything. */
  tellThoseAtHead(frame: SharedFrame): void {
    for (const stream of this.streams.values()) if (stream.isAtHead()) stream.pushShared(frame)
  }

  /** Sessions whose token or role is gone end; whose role changed hear it. */
  checkRights(wallNow: number): void {
    const { roles } = this.room
    const { limits, rules } = this.source.parts
    for (const stream of this.streams.values()) {
      const role = roles.role(stream.session.userId)
      if (stream.identity.expiresAt + limits.tokenGraceMs < wallNow) this.end(stream, wireError('TOKEN_EXPIRED', 'The token has expired. Refresh it and open again.'))
      else if (!roles.isReadable) this.end(stream, storageUnavailable(limits.storageRetryMs))
      else if (role === undefined) {
        if (rules.cutsWithoutRole) this.end(stream, NOT_FOUND)
      } else if (role !== stream.role) {
        stream.role = role
        stream.notify({ kind: 'role', role })
      }
    }
  }

  /** Sessions that nobody came back for. */
  sweep(now: number): void {
    for (const { session, until } of this.lingering.values()) if (until < now) this.forget(session)
    if (this.feed !== undefined && now - this.feed.usedAt > this.source.parts.limits.roleCacheMs) this.feed = undefined
  }

  end(stream: SessionStream, error: WireError): void {
    stream.finish(error)
    if (this.streams.get(stream.session.clientId) === stream) this.streams.delete(stream.session.clientId)
    this.room.sequencer.close(stream.session, false)
  }

  // Opening.

  /**
   * The client id asked for, or a new one when none was asked for (R12). One that the table forgot, or that a dead owner gave
   * out and that never committed, is looked for in the log and then known again under the same id, so that what its
   * device says about it keeps its meaning (R3, R10, R17). One that nobody can have given out is replaced.
   */
  private async clientFor(identity: Identity, open: Open): Promise<Client | WireError> {
    const { sequencer } = this.room
    const { userId } = identity
    const at = this.source.parts.runtime.clock.now()
    if (open.clientId === undefined) return sequencer.newClient(userId, at)
    const client = sequencer.clients.get(open.clientId) ?? (await this.rememberFromLog(open.clientId)) ?? sequencer.readmit(open.clientId, userId, at)
    if (client === undefined) return sequencer.newClient(userId, at)
    return sequencer.isBound(client, userId) ? client : CLIENT_ID_FOREIGN
  }

  private async rememberFromLog(clientId: ClientId): Promise<Client | undefined> {
    const { clients, head, epochs } = this.room.sequencer
    const found = await findOwnCommit(this.source.doc, clientId, { head, epochs }, this.source.parts)
    if (found !== undefined) clients.restore(found)
    return clients.get(clientId)
  }

  /** The fence, the wait, the session (R2). */
  private async admit(client: Client, userId: string, own?: SessionStream): Promise<Session | WireError> {
    const { room } = this
    const before = this.streams.get(client.clientId)
    if (before !== undefined && before !== own) {
      before.finish(SESSION_REPLACED)
      this.streams.delete(client.clientId)
    }
    if (client.session !== undefined) this.lingering.delete(client.session)
    const ticket = room.sequencer.fence(client)
    while (room.over === undefined && room.sequencer.mustWait(client)) await room.nextCommit()
    return room.over ?? room.sequencer.admit(client, ticket, userId, this.source.parts.runtime.clock.now())
  }

  private async begin(stream: SessionStream, session: Session, place: Place, reason?: ResyncReason): Promise<void> {
    const plan = this.plan(session, place)
    const feed = plan.resume === 'snapshot' ? await this.contentFeed(this.ownLastVersion(session)) : undefined
    if (this.room.over !== undefined || (plan.resume === 'snapshot' && feed === undefined)) return stream.finish(this.room.over ?? OWNER_MOVED)
    if (stream.isOver) return this.room.sequencer.close(session, false)
    if (plan.resume === 'changes') session.composedTo = plan.composedUntil
    stream.role = this.room.roles.role(session.userId) ?? 'viewer'
    const told = plan.resume === 'snapshot' && plan.forked ? 'history_forked' : reason
    stream.begin(session, this.opened(session, plan, stream.role, reason === undefined ? undefined : told), place.version, catchUp(plan, session, this.source, feed))
  }

  private plan(session: Session, place: Place): CatchUpPlan {
    const { sequencer } = this.room
    const { parts, window, doc } = this.source
    const { head } = sequencer
    const isAncestor = this.isAncestor(place)
    if (!isAncestor) {
      parts.telemetry.count('history_forked_total')
      parts.telemetry.log('warn', 'a client is not in this history', { document: keyText(doc), version: place.version, epoch: place.epoch ?? 0, head })
    }
    const ownLastVersion = this.ownLastVersion(session)
    const changeBytes = place.version >= window.floor ? window.bytesAfter(place.version) : undefined
    return planCatchUp(place, { head, isAncestor, ownLastVersion, changeBytes, length: sequencer.length }, parts.rules, parts.limits)
  }

  /** Whether a reader's version is one of this history (R15). */
  private isAncestor({ version, epoch }: Place): boolean {
    const { epochs, head } = this.room.sequencer
    return epoch === undefined || this.source.parts.rules.isAncestor(epochs, head, version, epoch)
  }

  private opened(session: Session, plan: CatchUpPlan, role: Role, reason: ResyncReason | undefined): Opened {
    const { sequencer, facts } = this.room
    const client = sequencer.clients.get(session.clientId)
    return {
      session: session.id,
      clientId: session.clientId,
      epoch: sequencer.epoch,
      head: session.openedHead,
      lastSeq: client?.lastSeq ?? 0,
      lastVersion: client?.lastVersion ?? 0,
      resume: plan.resume,
      ...(reason === undefined ? {} : { reason }),
      role,
      userId: session.userId,
      userOrdinal: session.userOrdinal,
      durability: this.source.durability,
      algorithm: 1,
      documentType: facts.type,
      title: facts.title,
      submitWindow: this.source.parts.limits.submitWindow,
    }
  }

  private ownLastVersion({ clientId }: Session): number {
    return this.room.sequencer.clients.get(clientId)?.lastVersion ?? 0
  }

  /** Content that a reader can start from: one that others read already, when little has happened since and nothing by himself. */
  private async contentFeed(ownLastVersion: number): Promise<SnapshotFeed | undefined> {
    const { window, parts } = this.source
    const now = parts.runtime.clock.monotonic()
    const known = this.feed
    const oldest = Math.max(window.floor, ownLastVersion, window.head - parts.limits.pageOperations)
    if (known !== undefined && known.content.version >= oldest) {
      known.usedAt = now
      return known.content
    }
    const text = await this.room.committedText()
    if (text === undefined) return undefined
    if (this.feed?.content.version !== text.version) this.feed = { content: new SnapshotFeed(text, parts.codec.frame), usedAt: now }
    return this.feed?.content
  }

  // What clients say.

  private submitted(stream: SessionStream, submit: Submit): void {
    if (stream.isReopening || stream.isFormer(submit.session)) return
    const { session } = stream
    if (submit.session !== session.id || submit.clientId !== session.clientId) {
      return this.end(stream, wireError('SESSION_UNKNOWN', 'A submit names the session and client id of its stream. Open again.', { field: 'submit.session' }))
    }
    this.room.submits.submit(submit, stream.identity, (verdict) => this.answer(stream, submit, verdict))
  }

  private answer(stream: SessionStream, submit: Submit, verdict: Decided): void {
    if (stream.session.id !== submit.session || stream.ended !== undefined) return
    switch (verdict.kind) {
      case 'reject':
        return stream.push({ kind: 'reject', reject: verdict.reject })
      case 'resync':
        if (verdict.reason === 'diverged') this.reportDivergence(stream, submit.baseVersion, verdict.error.message)
        return void this.reopen(stream, verdict.reason)
      case 'end':
        return this.end(stream, verdict.error)
      case 'ack': // Its slot has it, or had it (R1).
      case 'ignored':
        return
    }
  }

  private progressed(stream: SessionStream, version: number, hash: string | undefined): void {
    const { sequencer } = this.room
    this.source.parts.telemetry.observe('version_lag', Math.max(0, sequencer.head - version))
    if (hash === undefined || stream.isReopening) return
    const expected = sequencer.hashAt(version)
    if (expected === undefined || expected === hash) return
    this.reportDivergence(stream, version, `the client has hash ${hash}, not ${expected}`)
    void this.reopen(stream, 'diverged')
  }

  private reportDivergence(stream: SessionStream, version: number, cause: string): void {
    const { parts, doc } = this.source
    parts.telemetry.count('divergence_total')
    parts.telemetry.log('error', 'a client has another content than the log', { document: keyText(doc), client: stream.session.clientId, version, cause })
  }

  private forget(session: Session): void {
    this.lingering.delete(session.id)
    this.room.sequencer.close(session, true)
  }
}
