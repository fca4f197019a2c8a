import { type DocumentText, type DocumentType, isEmpty, type Operation } from '@concord/ot'
import { type Ack, type Change, type ClientId, type ContentHash, type Durability, id64, type Reject, type SessionId, type Submit, type WireError } from '@concord/protocol'
import { ChangeWindow, type WindowEntry } from './change-window.ts'
import { type Client, ClientTable, type Pending } from './client-table.ts'
import { EpochTable } from './epoch-table.ts'
import type { SnapshotState } from './document-codec.ts'
import { type Draft, batchLength, estimatedSize } from './draft.ts'
import { CLIENT_ID_FOREIGN, DOCUMENT_BUSY, DOCUMENT_FULL, SEQ_REUSED, SESSION_REPLACED, SESSION_UNKNOWN, SUBMIT_WINDOW, wireError } from './failures.ts'
import { HashSchedule } from './hash-schedule.ts'
import type { Limits } from './limits.ts'
import type { ServerRules } from './rules.ts'
import { checkSubmit } from './submit-check.ts'
import { UserOrdinals } from './user-ordinals.ts'
import type { Verdict } from './verdict.ts'

/** What a document is when an owner has claimed and loaded it. */
export interface DocumentStart {
  readonly epoch: number
  readonly head: number
  readonly text: DocumentText
  readonly state: SnapshotState
  /** The last changes, for readers and stale submits. */
  readonly recent: readonly WindowEntry[]
}

export interface SequencerOptions {
  readonly type: DocumentType<DocumentText, Operation>
  readonly limits: Limits
  readonly durability: Durability
  readonly rules: ServerRules
  /** Monotonic milliseconds. */
  readonly now: number
}

/** One client's turn with the document (R2). */
export interface Session {
  readonly id: SessionId
  readonly clientId: ClientId
  readonly userId: string
  readonly userOrdinal: number
  /** Head when it was opened: own commits up to here were another session's. */
  readonly openedHead: number
  /** End of the composed group that brought it here; nothing made before it can commit (R4). */
  composedTo: number
}

/** Content that is in the log, all of it. */
export interface CommittedText {
  readonly version: number
  readonly epoch: number
  readonly text: DocumentText
}

/**
 * Orders the operations of one document under one epoch: a state machine without I/O. Submits are decided as they come and
 * get their place at once, on a text that runs ahead of the log; what stands in the log, what is being appended and what
 * forms the next batch are three stretches of one sequence. Nothing leaves before {@link commit}. When an append fails,
 * the whole machine is thrown away and a new one begins from the log: what ran ahead was never told to anybody.
 */
export class Sequencer {
  readonly epoch: number
  readonly window: ChangeWindow
  readonly epochs: EpochTable
  readonly clients = new ClientTable()
  readonly users = new UserOrdinals()
  readonly hashes: HashSchedule
  private readonly options: SequencerOptions
  private readonly text: DocumentText
  private readonly sessions = new Map<SessionId, Session>()
  private running: Draft[] = []
  private forming: Draft[] = []
  private sessionCount = 0
  private clientCount = 0
  private textWanted = false
  /** The text as the running append will leave it, when somebody wants it. */
  private textAfterRunning: DocumentText | undefined

  constructor(start: DocumentStart, options: SequencerOptions) {
    const { limits } = options
    this.options = options
    this.epoch = start.epoch
    this.text = start.text
    this.window = new ChangeWindow(start.head - start.recent.length, limits.windowOperations, limits.windowBytes)
    for (const entry of start.recent) this.window.push(entry)
    this.epochs = new EpochTable(start.state.epochs)
    for (const { userId, ordinal } of start.state.users) this.users.set(userId, ordinal)
    for (const entry of start.state.clients) this.clients.restore(entry)
    this.hashes = new HashSchedule({ everyOperations: limits.hashOperations, everyMs: limits.hashMs, idleMs: limits.idleMarkMs, kept: limits.hashesKept }, start.head, options.now)
  }

  /** Version of the last committed operation. */
  get head(): number {
    return this.window.head
  }

  /** Operations that have a version and are not in the log yet. */
  get undecided(): number {
    return this.running.length + this.forming.length
  }

  get isAppending(): boolean {
    return this.running.length > 0
  }

  get hasBatch(): boolean {
    return this.forming.length > 0
  }

  /** Units of the text that runs ahead. */
  get length(): number {
    return this.text.length
  }

  /**
   * First step of an open (R2): from this point on no submit of an older session of the client id is taken.
   *
   * @returns a ticket for {@link admit}
   */
  fence(client: Client): number {
    if (client.session !== undefined) this.sessions.delete(client.session)
    client.session = undefined
    client.rejected = undefined
    return ++client.opens
  }

  /** Whether the open has to wait for the running append and the batch behind it. */
  mustWait(client: Client): boolean {
    return this.options.rules.openWaitsFor(client.pending)
  }

  /** A new client id, bound to its user (R12). */
  newClient(userId: string, at: number): Client {
    return this.clients.add(id64(this.epoch, ++this.clientCount), this.users.of(userId), at)
  }

  /** A client id that was given out and has nothing in the log; undefined when nobody can have given it out. */
  readmit(clientId: ClientId, userId: string, at: number): Client | undefined {
    const epoch = Number.parseInt(clientId.slice(0, 8), 16)
    const counter = Number.parseInt(clientId.slice(8), 16)
    const wasGiven = epoch > 0 && counter > 0 && (epoch < this.epoch || (epoch === this.epoch && counter <= this.clientCount))
    return wasGiven ? this.clients.add(clientId, this.users.of(userId), at) : undefined
  }

  isBound(client: Client, userId: string): boolean {
    return this.options.rules.isBoundTo(client.userOrdinal, this.users.of(userId))
  }

  /** Last step of an open: the session, unless a later open of the same client id overtook it. */
  admit(client: Client, ticket: number, userId: string, at: number): Session | WireError {
    if (client.opens !== ticket) return SESSION_REPLACED
    const session: Session = {
      id: id64(this.epoch, ++this.sessionCount),
      clientId: client.clientId,
      userId,
      userOrdinal: client.userOrdinal,
      openedHead: this.head,
      composedTo: 0,
    }
    this.sessions.set(session.id, session)
    client.session = session.id
    client.at = at
    return session
  }

  session(id: SessionId): Session | undefined {
    return this.sessions.get(id)
  }

  /** The session is over; its client id stays (R17), unless it never committed anything and the client said goodbye. */
  close(session: Session, isClean: boolean): void {
    this.sessions.delete(session.id)
    const client = this.clients.get(session.clientId)
    if (client?.session !== session.id) return
    client.session = undefined
    client.rejected = undefined
    if (isClean && client.lastSeq === 0 && client.pending === undefined) this.clients.delete(client.clientId)
  }

  /** Decides about a submit, or gives it its place in the next batch. */
  submit(submit: Submit, userId: string, at: number, now: number): Verdict {
    const client = this.clients.get(submit.clientId)
    const stop = this.refuseStranger(client, submit, userId)
    if (stop !== undefined) return stop
    return this.repeated(client!, submit) ?? this.take(client!, submit, userId, at, now)
  }

  /** Refuses a submit for a reason that lies outside, as a missing role; but what is decided already stays decided (R8). */
  refuse(submit: Submit, userId: string, error: WireError): Verdict {
    const client = this.clients.get(submit.clientId)
    const stop = this.refuseStranger(client, submit, userId)
    return stop ?? this.repeated(client!, submit) ?? this.reject(submit, error)
  }

  /** The next batch, when none is being appended: from here on it is in doubt until {@link commit}. */
  takeBatch(): readonly Draft[] {
    if (this.running.length > 0 || this.forming.length === 0) return []
    const count = batchLength(this.forming, this.options.limits)
    this.running = count === this.forming.length ? this.forming : this.forming.slice(0, count)
    this.forming = count === this.forming.length ? [] : this.forming.slice(count)
    for (const { pending } of this.running) pending.stage = 'running'
    const keep = this.textWanted && this.forming.length === 0
    this.textAfterRunning = keep ? this.options.type.snapshot(this.text) : undefined
    return this.running
  }

  /** The log has the batch. Returns it, now committed and in the window. */
  commit(): readonly Draft[] {
    const committed = this.running
    this.running = []
    for (const draft of committed) {
      const { change, client, pending } = draft
      this.epochs.wrote(change.epoch, change.version)
      this.users.wrote(change.author.userOrdinal)
      client.lastSeq = pending.seq
      client.lastVersion = change.version
      client.lastSaid = pending.said
      client.at = change.at
      if (client.pending === pending) client.pending = undefined
      this.window.push({ change, seq: pending.seq, size: draft.size, frame: undefined })
    }
    return committed
  }

  /** Asks for the committed text. Undefined while operations run ahead: ask again after the next commit. */
  committedText(): CommittedText | undefined {
    const text = this.undecided === 0 ? this.options.type.snapshot(this.text) : this.running.length === 0 ? this.textAfterRunning : undefined
    this.textWanted = text === undefined
    if (text === undefined) return undefined
    this.textAfterRunning = undefined
    return { version: this.head, epoch: this.epochs.epochOf(this.head), text }
  }

  /** The hash of the content at a version, where it is known; the head's is made when nothing runs ahead. */
  hashAt(version: number): ContentHash | undefined {
    return this.hashes.hashAt(version) ?? (version === this.head && this.undecided === 0 ? this.options.type.hash(this.text) : undefined)
  }

  /** The hash of the head, noted as told. Only while nothing runs ahead. */
  tellHash(now: number): ContentHash {
    this.hashes.marked(this.head)
    return this.hashNow(this.head, now)
  }

  /** Everything but the content that a snapshot at the head keeps. */
  state(): SnapshotState {
    return { clients: this.clients.entries(), users: this.users.entries(), epochs: this.epochs.entries() }
  }

  /** R2, R12: who may submit at all. */
  private refuseStranger(client: Client | undefined, submit: Submit, userId: string): Verdict | undefined {
    const { rules } = this.options
    if (client === undefined) return { kind: 'end', error: SESSION_UNKNOWN }
    if (!this.isBound(client, userId)) return { kind: 'end', error: CLIENT_ID_FOREIGN }
    if (rules.refusesReplaced(client.session === submit.session)) return { kind: 'end', error: this.isOfThisEpoch(submit.session) ? SESSION_REPLACED : SESSION_UNKNOWN }
    return undefined
  }

  private isOfThisEpoch(session: SessionId): boolean {
    return session.slice(0, 8) === id64(this.epoch, 0).slice(0, 8) && Number.parseInt(session.slice(8), 16) <= this.sessionCount
  }

  /** R7, R8: what was said before gets the same answer. */
  private repeated(client: Client, submit: Submit): Verdict | undefined {
    const { rules } = this.options
    const { pending, rejected } = client
    if (rules.isForming(submit.seq, pending) || rules.isRunning(submit.seq, pending)) {
      if (!rules.isSameSubmit(pending!.said, submit)) return { kind: 'end', error: SEQ_REUSED }
      return { kind: 'pending', version: pending!.version, passed: 0, isResend: true }
    }
    if (client.lastSeq > 0 && rules.isCommitted(submit.seq, client.lastSeq)) {
      if (client.lastSaid !== undefined && !rules.isSameSubmit(client.lastSaid, submit)) return { kind: 'end', error: SEQ_REUSED }
      return { kind: 'ack', ack: this.ackAgain(client) }
    }
    if (rejected !== undefined && rejected.said.seq === submit.seq) {
      return rules.isSameSubmit(rejected.said, submit) ? { kind: 'reject', reject: rejected.reject } : { kind: 'end', error: SEQ_REUSED }
    }
    const lastUsed = Math.max(client.lastSeq, pending?.seq ?? 0, rejected?.said.seq ?? 0)
    return rules.isIgnored(submit.seq, lastUsed) ? { kind: 'ignored' } : undefined
  }

  /** Remembered, so that a resend gets it again. */
  private reject(submit: Submit, error: WireError): Verdict {
    const reject: Reject = { seq: submit.seq, error }
    const client = this.clients.get(submit.clientId)
    if (client !== undefined && client.session === submit.session) client.rejected = { said: submit, reject }
    return { kind: 'reject', reject }
  }

  private ackAgain(client: Client): Ack {
    const version = client.lastVersion
    return { seq: client.lastSeq, version, epoch: this.epochs.epochOf(version), durability: this.options.durability, at: client.at }
  }

  private take(client: Client, submit: Submit, userId: string, at: number, now: number): Verdict {
    const { rules, limits } = this.options
    if (client.pending !== undefined && client.pending.seq !== submit.seq) return this.reject(submit, SUBMIT_WINDOW)
    if (this.undecided >= limits.documentQueue) return this.reject(submit, DOCUMENT_BUSY)
    const problem = checkSubmit(submit, this.facts(client, submit), rules, this.options.type)
    if (problem !== undefined) return problem.kind === 'refused' ? this.reject(submit, problem.error) : problem
    const tip = this.head + this.undecided
    const own = rules.stamped(submit.operation, { user: client.userOrdinal, client: client.clientId })
    const operation = submit.baseVersion === tip ? own : rules.passOver(this.operationsAfter(submit.baseVersion), own)
    if (!rules.commitsEmptied && isEmpty(operation)) return { kind: 'ignored' }
    if (this.options.type.lengthAfter(operation) > Math.max(limits.documentUnits, this.text.length)) return this.reject(submit, DOCUMENT_FULL)
    const failure = this.options.type.apply(this.text, operation)
    if (failure !== undefined) return this.misfit(submit, failure.code)
    this.place(client, submit, { userId, at, now, operation, passed: tip - submit.baseVersion })
    return { kind: 'pending', version: tip + 1, passed: tip - submit.baseVersion, isResend: false }
  }

  private place(client: Client, submit: Submit, facts: { userId: string; at: number; now: number; operation: Operation; passed: number }): void {
    const { userId, at, now, operation, passed } = facts
    const version = this.head + this.undecided + 1
    const author = { userId, userOrdinal: client.userOrdinal, clientId: client.clientId }
    const bare = { version, epoch: this.epoch, author, operation, at }
    const change: Change = this.hashes.isDue(version, now) ? { ...bare, hash: this.hashNow(version, now) } : bare
    const pending: Pending = { seq: submit.seq, version, said: submit, stage: 'forming' }
    client.pending = pending
    const submitted = passed > 0 ? submit.operation : undefined
    this.forming.push({ change, client, pending, baseVersion: submit.baseVersion, submitted, size: estimatedSize(operation) })
  }

  private hashNow(version: number, now: number): ContentHash {
    const hash = this.options.type.hash(this.text)
    this.hashes.told(version, hash, now)
    return hash
  }

  /** Checked before: only a cut surrogate pair is left, which no canonical check can see without the text. */
  private misfit(submit: Submit, code: 'length' | 'surrogate'): Verdict {
    if (code === 'length') throw new Error(`operation of ${submit.clientId} does not fit the text after transformation: the algebra is broken`)
    return this.reject(submit, wireError('OPERATION_MALFORMED', 'The operation cuts a surrogate pair of the document.', { field: 'submit.operation.components' }))
  }

  /** What {@link checkSubmit} needs to know of the document at the submit's base. */
  private facts(client: Client, submit: Submit) {
    const session = this.sessions.get(submit.session)
    const { baseVersion } = submit
    return {
      head: this.head,
      floor: this.window.floor,
      composedTo: session?.composedTo ?? 0,
      ownLastVersion: client.lastVersion,
      lengthAtBase: this.lengthAt(baseVersion),
    }
  }

  /** Units of the document at a version; -1 where that is not known any more. */
  private lengthAt(version: number): number {
    if (version > this.head || version < this.window.floor) return -1
    const next = this.window.at(version + 1)?.change ?? this.running[0]?.change ?? this.forming[0]?.change
    return next === undefined ? this.text.length : next.operation.baseLength
  }

  private operationsAfter(version: number): Operation[] {
    const operations = this.window.operationsAfter(version)
    for (const { change } of this.running) operations.push(change.operation)
    for (const { change } of this.forming) operations.push(change.operation)
    return operations
  }
}
