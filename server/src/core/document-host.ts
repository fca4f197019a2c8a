import { type DocumentText, documentType, type DocumentType, isDocumentTypeName, type Operation } from '@concord/ot'
import type { Ack, ClientId, Open, Submit, WireError } from '@concord/protocol'
import { type DocumentKey, type DocumentRecord, type Identity } from '../ports/index.ts'
import { Appender } from './appender.ts'
import type { SubmitDecision } from './carrier.ts'
import type { CatchUpSource } from './catch-up.ts'
import { NOT_FOUND, OWNER_MOVED, wireError } from './failures.ts'
import type { LoadedDocument } from './load-document.ts'
import { Ownership } from './ownership.ts'
import type { Parts } from './parts.ts'
import { OperationRates, type Rates } from './rates.ts'
import { RoleCache } from './role-cache.ts'
import { type CommittedText, Sequencer } from './sequencer.ts'
import type { Draft } from './draft.ts'
import { SessionDesk, type SessionRoom } from './session-desk.ts'
import type { SessionStream } from './session-stream.ts'
import { SnapshotWriter } from './snapshot-writer.ts'
import { type Decided, SubmitDesk } from './submit-desk.ts'
import { TextWaiters } from './text-waiters.ts'

/** A unary submit that may or may not be in the log; answered from the next epoch. */
export interface DoubtfulSubmit {
  readonly submit: Submit
  readonly decided: (decision: SubmitDecision) => void
}

/** Called once when the epoch is over: the host takes nothing any more. */
export type OnOver = (host: DocumentHost, inDoubt: readonly DoubtfulSubmit[]) => void

/**
 * One document under one epoch: the asynchronous shell around the sequencer. It carries batches to the log, tells readers
 * what is durable, and looks after roles, marks, snapshots and idleness when it is ticked. When its epoch ends it is thrown
 * away; the next one begins from the log.
 */
export class DocumentHost implements SessionRoom {
  readonly doc: DocumentKey
  readonly roles: RoleCache
  readonly sequencer: Sequencer
  readonly submits: SubmitDesk
  readonly sessions: SessionDesk
  readonly source: CatchUpSource
  facts: { readonly title: string; readonly type: string }
  private readonly parts: Parts
  private readonly type: DocumentType<DocumentText, Operation>
  private readonly appender: Appender
  private readonly snapshots: SnapshotWriter
  private readonly rates: OperationRates
  private readonly texts = new TextWaiters()
  private readonly onOver: OnOver
  private commitWaiters: (() => void)[] = []
  private isSnapshotAsked = false
  private usedAt: number
  private readonly ownership: Ownership
  private fenced = false
  private ended: WireError | undefined

  constructor(record: DocumentRecord, loaded: LoadedDocument, parts: Parts, users: Rates, onOver: OnOver) {
    const now = parts.runtime.clock.monotonic()
    this.doc = record.key
    this.parts = parts
    this.onOver = onOver
    this.usedAt = now
    this.facts = { title: record.title, type: record.type }
    this.type = documentType(isDocumentTypeName(record.type) ? record.type : 'text')
    this.sequencer = new Sequencer(loaded, { type: this.type, limits: parts.limits, durability: parts.opLog.durability, rules: parts.rules, now })
    this.source = { doc: record.key, parts, window: this.sequencer.window, durability: parts.opLog.durability }
    this.ownership = new Ownership(record.key, this.sequencer.epoch, parts, now, () => this.fence())
    this.roles = new RoleCache(record.key, parts)
    this.rates = new OperationRates(parts.limits, users, now)
    this.snapshots = new SnapshotWriter(record.key, parts, { operations: loaded.tailOperations, bytes: loaded.tailBytes, isForced: loaded.needsSnapshot })
    this.appender = new Appender(record.key, this.sequencer, parts, {
      committed: (drafts, bytes) => this.committed(drafts, bytes),
      lost: (error, outcome) => {
        if (outcome === 'fenced') this.fence()
        else this.end(error)
      },
      degraded: (isDegraded) => this.degraded(isDegraded),
    })
    this.submits = new SubmitDesk(parts, this.sequencer, this.roles, this.rates, () => this.appender.nudge())
    this.sessions = new SessionDesk(this)
    this.snapshotIfDue()
  }

  get over(): WireError | undefined {
    return this.ended
  }

  /** Another owner rules the log: what this one holds may be behind it. */
  get isFenced(): boolean {
    return this.fenced
  }

  get head(): number {
    return this.sequencer.head
  }

  /**
   * `opened` says what is committed and that nothing else will be (R2, R3): only an owner that asked the log since the
   * open arrived may say so. One that stands aside without knowing would have the client submit again what the new one
   * has committed.
   */
  async open(identity: Identity, open: Open, wake: () => void): Promise<SessionStream | WireError> {
    this.touch()
    const unsure = this.parts.rules.asksWhoRules ? await this.ownership.confirm() : undefined
    return this.ended ?? unsure ?? this.sessions.open(identity, open, wake)
  }

  /** A submit outside its stream. Resolves when it is decided. */
  submit(identity: Identity, submit: Submit): Promise<SubmitDecision> {
    this.touch()
    return new Promise((resolve) => this.submits.submit(submit, identity, (verdict) => resolve(decisionOf(verdict)), resolve))
  }

  /** What the log says about a submit of an epoch before; undefined when it did not commit. */
  decisionOf({ clientId, seq }: Submit): SubmitDecision | undefined {
    const client = this.sequencer.clients.get(clientId)
    if (client === undefined || client.lastSeq !== seq) return undefined
    const version = client.lastVersion
    return { kind: 'ack', ack: { seq, version, epoch: this.sequencer.epochs.epochOf(version), durability: this.source.durability, at: client.at } }
  }

  isPresent(clientId: ClientId, userId: string): boolean {
    return this.sessions.isPresent(clientId, userId)
  }

  nextCommit(): Promise<void> {
    return new Promise((resolve) => this.commitWaiters.push(resolve))
  }

  /** The content at a version that is in the log, at least as new as now; undefined when the epoch ends before. The text is the caller's to keep. */
  committedText(): Promise<CommittedText | undefined> {
    this.touch()
    return this.withCommittedText((text) => text)
  }

  titleChanged(title: string): void {
    this.facts = { ...this.facts, title }
    for (const stream of this.sessions.all()) stream.notify({ kind: 'title', title })
  }

  /** Somebody's role changed: asks for all of them again, then tells or cuts sessions. */
  async rolesChanged(): Promise<void> {
    this.roles.invalidate()
    if (await this.roles.refresh()) this.sessions.checkRights(this.parts.runtime.clock.now())
  }

  deleted(): void {
    for (const stream of this.sessions.all()) stream.notify({ kind: 'deleted' })
    this.end(NOT_FOUND)
  }

  /** Looks after the document, about once a second. */
  tick(): void {
    const now = this.parts.runtime.clock.monotonic()
    const { limits, runtime } = this.parts
    this.markIfDue(now)
    this.sequencer.window.trim(runtime.clock.now() - limits.windowMs, limits.windowLeast)
    this.sessions.sweep(now)
    this.rates.sweep(now)
    if (this.sessions.size === 0) return
    void this.lookAtRights()
    this.ownership.lookIfDue(now)
  }

  /** Forgets client ids that may be forgotten (R17); less often than {@link tick}. */
  expireClients(): void {
    const { limits, rules, runtime } = this.parts
    this.sequencer.clients.expire(runtime.clock.now(), limits.clientEntries, limits.clientEntryMs, rules)
  }

  isIdle(): boolean {
    const isQuiet = this.sessions.size === 0 && this.sequencer.undecided === 0 && this.submits.waiting === 0 && this.texts.isEmpty
    return isQuiet && this.parts.runtime.clock.monotonic() - this.usedAt > this.parts.limits.documentIdleMs
  }

  /** Asks everybody to come back elsewhere. */
  drain(): void {
    const { limits, runtime } = this.parts
    for (const stream of this.sessions.all()) stream.notify({ kind: 'drain', reconnectAfterMs: Math.floor(runtime.random.float() * limits.drainMs) })
  }

  /** Resolves when nothing is under way to the log any more. */
  async settled(): Promise<void> {
    while (this.ended === undefined && this.sequencer.undecided > 0) await this.nextCommit()
  }

  /** Writes what happened since the last snapshot, if anything did. */
  async snapshot(): Promise<void> {
    if (!this.snapshots.hasTail || this.ended !== undefined) return
    await this.withCommittedText((text) => this.snapshots.write(text, this.sequencer.state()))
  }

  /** The epoch is over for this host. */
  end(error: WireError): void {
    if (this.ended !== undefined) return
    this.ended = error
    this.appender.stop()
    const inDoubt = this.submits.close(error)
    this.sessions.finishAll(error)
    this.texts.serve(undefined)
    this.wakeCommitWaiters()
    this.onOver(this, inDoubt)
  }

  /** Another owner rules. */
  private fence(): void {
    this.fenced = true
    this.end(OWNER_MOVED)
  }

  private touch(): void {
    this.usedAt = this.parts.runtime.clock.monotonic()
  }

  private committed(drafts: readonly Draft[], bytes: number): void {
    const { telemetry, runtime } = this.parts
    const begun = runtime.clock.monotonic()
    this.sequencer.commit()
    this.ownership.confirmed(begun)
    if (!this.texts.isEmpty) this.serveTexts()
    this.submits.committed(drafts, (draft) => this.ackOf(draft))
    this.sessions.stirAll()
    telemetry.observe('broadcast_latency_ms', runtime.clock.monotonic() - begun)
    telemetry.count('operations_total', drafts.length)
    const now = runtime.clock.now()
    for (const { change } of drafts) telemetry.observe('operation_latency_ms', now - change.at)
    this.snapshots.committed(drafts.length, bytes)
    this.snapshotIfDue()
    this.wakeCommitWaiters()
  }

  private ackOf({ change, pending }: Draft): Ack {
    const { version, epoch, at, hash } = change
    return { seq: pending.seq, version, epoch, durability: this.source.durability, at, ...(hash === undefined ? {} : { hash }) }
  }

  private wakeCommitWaiters(): void {
    const waiters = this.commitWaiters
    this.commitWaiters = []
    for (const resolve of waiters) resolve()
  }

  private degraded(isDegraded: boolean): void {
    for (const stream of this.sessions.all()) stream.notify({ kind: 'degradation', level: isDegraded ? 1 : 0 })
  }

  private serveTexts(): void {
    const text = this.sequencer.committedText()
    if (text !== undefined) this.texts.serve(text)
  }

  /** @param capture runs in the moment at which the text is what the log says */
  private withCommittedText<T>(capture: (text: CommittedText) => T | Promise<T>): Promise<T | undefined> {
    if (this.ended !== undefined) return Promise.resolve(undefined)
    const now = this.texts.isEmpty ? this.sequencer.committedText() : undefined
    if (now !== undefined) return Promise.resolve(capture(now))
    return new Promise((resolve) => this.texts.add((text) => resolve(text === undefined ? undefined : capture({ ...text, text: this.type.snapshot(text.text) }))))
  }

  private snapshotIfDue(): void {
    if (this.isSnapshotAsked || !this.snapshots.isDue(this.sequencer.length)) return
    this.isSnapshotAsked = true
    void this.snapshot().finally(() => {
      this.isSnapshotAsked = false
    })
  }

  /** Tells those who have everything what they should have, when changes have stopped coming (R16). */
  private markIfDue(now: number): void {
    const { sequencer } = this
    if (this.sessions.size === 0 || sequencer.undecided > 0 || !sequencer.hashes.isMarkDue(sequencer.head, now)) return
    const hash = sequencer.tellHash(now)
    this.sessions.tellThoseAtHead(this.parts.codec.frame({ kind: 'mark', version: sequencer.head, hash }))
  }

  private async lookAtRights(): Promise<void> {
    if (this.roles.isAgeing) await this.roles.refresh()
    if (this.ended === undefined) this.sessions.checkRights(this.parts.runtime.clock.now())
  }
}

function decisionOf(verdict: Decided): SubmitDecision {
  switch (verdict.kind) {
    case 'ack':
      return { kind: 'ack', ack: verdict.ack }
    case 'reject':
      return { kind: 'reject', reject: verdict.reject }
    case 'ignored':
      return { kind: 'failure', error: wireError('FIELD_INVALID', 'The sequence number is below one that is decided.', { field: 'submit.seq' }) }
    case 'resync':
    case 'end':
      return { kind: 'failure', error: verdict.error }
  }
}
