import { composeAll, DocumentText, isEmpty, lengthAfter, type Operation, stamp, transform } from '@concord/ot'
import { type Ack, type Author, type Change, type ClientFrame, type ClientId, id64, type Open, type Opened, type ServerFrame, type Submit, type WireError } from '@concord/protocol'

/** One committed row of the model. */
export interface Row {
  readonly change: Change
  readonly seq: number
}

/** How the model treats one submit. */
export type Verdict = 'commit' | WireError

export interface ReferenceOptions {
  /** Decides about each submit; everything is committed when left out. */
  readonly judge?: (submit: Submit, author: Author) => Verdict
  /** Answers `open` with the content when the client is at least this many versions behind. */
  readonly snapshotAt?: number
  /** Units of a chunk of content. */
  readonly units?: number
  /** Whether a catch-up composes what may be composed (R4); nothing when left out. */
  readonly compose?: () => boolean
  /** Plants a fault: composes up to the client's own last commit, which no server may. */
  readonly composeTooMuch?: () => boolean
}

/** The server's side of the rules in the plainest form: one document, everything in memory, nothing asynchronous. */
export class ReferenceServer {
  readonly rows: Row[] = []
  /** Content after each version; the first is the empty document. */
  readonly contents: DocumentText[] = [DocumentText.empty()]
  epoch = 1
  floor = 0
  private readonly options: ReferenceOptions
  private readonly ordinals = new Map<string, number>()
  private readonly owners = new Map<ClientId, string>()
  private readonly current = new Map<ClientId, ReferenceSession>()
  private readonly sessions = new Set<ReferenceSession>()
  private nextClient = 1
  private nextSession = 1

  constructor(options: ReferenceOptions = {}) {
    this.options = options
  }

  get head(): number {
    return this.rows.length
  }

  get content(): DocumentText {
    return this.contents.at(-1)!
  }

  open(userId: string, open: Open, wake: () => void = () => {}): ReferenceSession | WireError {
    const clientId = open.clientId ?? this.newClientId(userId)
    if (this.owners.get(clientId) !== userId) return { reason: 'CLIENT_ID_FOREIGN', message: 'this client id belongs to somebody else' }
    const session = new ReferenceSession(this, id64(this.epoch, this.nextSession++), this.author(userId, clientId), wake)
    const before = this.current.get(clientId)
    if (before !== undefined) before.end({ reason: 'SESSION_REPLACED', message: 'the client opened another session' })
    this.current.set(clientId, session)
    this.sessions.add(session)
    this.resume(session, open)
    return session
  }

  /** Opens a running session again without being asked (R5). */
  reopen(session: ReferenceSession, reason: NonNullable<Opened['reason']>): void {
    if (session.ended !== undefined) return
    session.id = id64(this.epoch, this.nextSession++)
    this.sendOpened(session, 'snapshot', reason)
    this.sendContent(session)
  }

  /** A new owner: sessions are unknown to it (R2). */
  restart(): void {
    this.epoch++
    for (const session of this.sessions) session.end({ reason: 'OWNER_MOVED', message: 'another owner took over' })
    this.sessions.clear()
    this.current.clear()
  }

  /** Ends every session for one reason. */
  end(error: WireError): void {
    for (const session of this.sessions) session.end(error)
    this.sessions.clear()
    this.current.clear()
  }

  /** A promotion that lost the last versions (R15). */
  lose(versions: number): void {
    this.rows.splice(Math.max(0, this.rows.length - versions))
    this.contents.splice(this.rows.length + 1)
    this.restart()
  }

  submit(session: ReferenceSession, submit: Submit): void {
    const author = session.author
    if (session.ended !== undefined || this.current.get(author.clientId) !== session || submit.session !== session.id) return
    const last = this.lastOf(author.clientId)
    if (submit.seq <= Math.max(last.seq, session.rejectedSeq)) return
    const base = this.contents[submit.baseVersion]
    if (base === undefined || base.length !== submit.operation.baseLength) return this.reopen(session, 'diverged')
    const verdict: Verdict = isEmpty(submit.operation) ? { reason: 'OPERATION_EMPTY', message: 'nothing' } : (this.options.judge?.(submit, author) ?? 'commit')
    if (verdict !== 'commit') {
      session.rejectedSeq = submit.seq
      return session.push({ kind: 'reject', reject: { seq: submit.seq, error: verdict } })
    }
    let operation = stamp(submit.operation, { user: author.userOrdinal, client: author.clientId })
    for (const row of this.rows.slice(submit.baseVersion)) operation = transform(row.change.operation, operation)[1]
    this.commit(author, submit.seq, operation)
  }

  /** What an observer that knows only the log would have. */
  fold(): DocumentText {
    const text = DocumentText.empty()
    for (const { change } of this.rows) {
      const failure = text.apply(change.operation)
      if (failure !== undefined) throw new Error(`version ${change.version} does not apply: ${JSON.stringify(failure)}`)
    }
    return text
  }

  private commit(author: Author, seq: number, operation: Operation): void {
    const content = this.content.snapshot()
    const failure = content.apply(operation)
    if (failure !== undefined) throw new Error(`the model cannot apply ${JSON.stringify(failure)}`)
    const change: Change = { version: this.head + 1, epoch: this.epoch, author, operation, at: 0, hash: content.hash() }
    this.rows.push({ change, seq })
    this.contents.push(content)
    for (const session of this.sessions) if (session.ended === undefined) session.push(this.slot(session, { change, seq }, false))
  }

  private slot(session: ReferenceSession, { change, seq }: Row, catchingUp: boolean): ServerFrame {
    if (change.author.clientId !== session.author.clientId) return { kind: 'change', change }
    const ack: Ack = { seq, version: change.version, epoch: change.epoch, durability: 'volatile', at: 0, ...(change.hash === undefined ? {} : { hash: change.hash }) }
    return { kind: 'ack', ack: catchingUp ? { ...ack, operation: change.operation } : ack }
  }

  private resume(session: ReferenceSession, open: Open): void {
    const forked = open.version > this.head || (open.version > 0 && this.rows[open.version - 1]!.change.epoch !== open.epoch)
    if (forked) {
      this.sendOpened(session, 'snapshot', 'history_forked')
      return this.sendContent(session)
    }
    const behind = this.head - open.version
    if (open.snapshot || open.version < this.floor || behind >= (this.options.snapshotAt ?? Infinity)) {
      this.sendOpened(session, 'snapshot')
      return this.sendContent(session)
    }
    this.sendOpened(session, 'changes')
    this.catchUp(session, open.version)
  }

  /** One version at a time up to the client's own last commit; what follows may be one group (R4). */
  private catchUp(session: ReferenceSession, from: number): void {
    const own = Math.max(from, this.lastOf(session.author.clientId).version)
    if (this.options.composeTooMuch?.() === true && own - 1 > from) this.sendComposed(session, from, own - 1)
    else for (const row of this.rows.slice(from, Math.max(from, own - 1))) session.push(this.slot(session, row, true))
    for (const row of this.rows.slice(Math.max(from, own - 1), own)) session.push(this.slot(session, row, true))
    if (this.options.compose?.() === true && this.head > own) this.sendComposed(session, own, this.head)
    else for (const row of this.rows.slice(own)) session.push(this.slot(session, row, true))
  }

  private sendComposed(session: ReferenceSession, fromVersion: number, toVersion: number): void {
    const rows = this.rows.slice(fromVersion, toVersion)
    const { epoch, hash } = rows.at(-1)!.change
    session.push({ kind: 'composed', composed: { fromVersion, toVersion, epoch, operation: composeAll(rows.map((row) => row.change.operation)), ...(hash === undefined ? {} : { hash }) } })
  }

  private sendOpened(session: ReferenceSession, resume: Opened['resume'], reason?: Opened['reason']): void {
    const { userId, userOrdinal, clientId } = session.author
    const last = this.lastOf(clientId)
    const opened: Opened = {
      session: session.id, clientId, epoch: this.epoch, head: this.head, lastSeq: last.seq, lastVersion: last.version, resume,
      ...(reason === undefined ? {} : { reason }),
      role: 'editor', userId, userOrdinal, durability: 'volatile', algorithm: 1, documentType: 'text', title: '', submitWindow: 1,
    }
    session.push({ kind: 'opened', opened })
  }

  private sendContent(session: ReferenceSession): void {
    const { content, head: version } = this
    const epoch = this.rows.at(-1)?.change.epoch ?? 0
    let offset = 0
    for (const chunk of [...content.chunks(this.options.units ?? 8)]) {
      session.push({ kind: 'snapshot', snapshot: { version, epoch, hash: content.hash(), offset, total: content.length, content: chunk } })
      offset += lengthAfter(chunk)
    }
    if (content.length === 0 && offset === 0 && !session.lastIsContent) session.push({ kind: 'snapshot', snapshot: { version, epoch, hash: content.hash(), offset: 0, total: 0, content: content.content() } })
  }

  private lastOf(clientId: ClientId): { readonly seq: number; readonly version: number } {
    const row = this.rows.findLast(({ change }) => change.author.clientId === clientId)
    return row === undefined ? { seq: 0, version: 0 } : { seq: row.seq, version: row.change.version }
  }

  private newClientId(userId: string): ClientId {
    const clientId = id64(this.epoch, this.nextClient++)
    this.owners.set(clientId, userId)
    return clientId
  }

  private author(userId: string, clientId: ClientId): Author {
    let userOrdinal = this.ordinals.get(userId)
    if (userOrdinal === undefined) this.ordinals.set(userId, (userOrdinal = this.ordinals.size + 1))
    return { userId, userOrdinal, clientId }
  }
}

/** One session of the model: frames wait here until they are pulled. */
export class ReferenceSession {
  readonly kind = 'session'
  readonly author: Author
  id: string
  ended: WireError | 'done' | undefined
  rejectedSeq = 0
  private readonly server: ReferenceServer
  private readonly wake: () => void
  private outgoing: ServerFrame[] = []

  constructor(server: ReferenceServer, id: string, author: Author, wake: () => void) {
    this.server = server
    this.id = id
    this.author = author
    this.wake = wake
  }

  get lastIsContent(): boolean {
    return this.outgoing.at(-1)?.kind === 'snapshot'
  }

  push(frame: ServerFrame): void {
    this.outgoing.push(frame)
    this.wake()
  }

  /** The next frame, for tests that deliver one at a time. */
  shift(): ServerFrame | undefined {
    return this.outgoing.shift()
  }

  pull(): readonly { readonly value: ServerFrame }[] {
    const frames = this.outgoing.map((value) => ({ value }))
    this.outgoing = []
    return frames
  }

  receive(frame: ClientFrame): void {
    if (frame.kind === 'submit') this.server.submit(this, frame.submit)
    if (frame.kind === 'progress' && frame.hash !== undefined && this.server.contents[frame.version]?.hash() !== frame.hash) this.server.reopen(this, 'diverged')
  }

  end(error: WireError | 'done'): void {
    this.ended ??= error
    this.wake()
  }

  close(): void {
    this.end('done')
  }
}
