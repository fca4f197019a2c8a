import { type Bias, format, OPERATION_LIMITS, type Operation, type OperationLimits, validate } from '@concord/ot'
import type { Notice, Role } from '@concord/protocol'
import { type Anchor, Anchors } from './anchors.ts'
import { ConcordError } from './concord-error.ts'
import { type ClientContext, type Connection, DocumentLink, type SurfaceEffect } from './document-link.ts'
import { Emitter } from './emitter.ts'
import { DocumentPresence } from './presence/document-presence.ts'
import type { ChangeEvent, CommittedEvent, DivergedEvent, MergedEvent, RejectedEvent, SessionStatus, StrandedEvent } from './session/effects.ts'
import { SessionState } from './session/session-state.ts'
import type { SessionOptions } from './session/session.ts'
import { AttributesSurface, TextSurface } from './text-surface.ts'

/** Local edits without an ack above which an application should slow its own producers; people may go on typing. */
const SLOW_DOWN_AT = 100

/** A large edit is split before it leaves (R18); what no split can help is refused at once. */
const EDIT_LIMITS: OperationLimits = { ...OPERATION_LIMITS, components: Infinity, insertedUnits: Infinity }

export interface DocumentStatus extends SessionStatus {
  readonly connection: Connection
  /** Edits are on their way, or wait for the network. */
  readonly saving: boolean
  /** Many edits wait: batches grow, programs should pause; typing is never blocked. */
  readonly slowDown: boolean
  readonly canEdit: boolean
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** Why the document ended, when it did. */
  readonly error: ConcordError | undefined
}

export interface DocumentEvents {
  /** What is shown changed; its operation applies to what was shown before. */
  change: ChangeEvent
  /** A version was committed, own ones included: a line of the log. */
  committed: CommittedEvent & { readonly notation: string }
  status: DocumentStatus
  rejected: RejectedEvent
  merged: MergedEvent
  stranded: StrandedEvent
  diverged: DivergedEvent
  notice: Notice
}

interface Waiter {
  readonly target: number
  readonly resolve: () => void
  readonly reject: (error: ConcordError) => void
}

/** One open document: edits show at once, and are kept until the server has them. */
export class Document extends Emitter<DocumentEvents> {
  /** `documents/{id}`. */
  readonly name: string
  readonly text: TextSurface
  readonly attributes: AttributesSurface
  readonly presence: DocumentPresence
  private readonly state: SessionState
  private readonly link: DocumentLink
  private readonly anchors = new Anchors()
  private readonly closed: (document: Document) => void
  private stopped: Promise<void> | undefined
  private error: ConcordError | undefined
  private statusNow: DocumentStatus
  private statusChanged = false
  private waiters: Waiter[] = []
  private firstLive: { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (error: ConcordError) => void }

  constructor(name: string, context: ClientContext, options: SessionOptions, closed: (document: Document) => void) {
    super()
    this.name = name
    this.closed = closed
    this.state = new SessionState(options)
    this.link = new DocumentLink(name, this.state, context, (effect) => this.onEffect(effect), () => this.onSettled())
    this.text = new TextSurface(() => this.state.text, (operation) => this.change(operation))
    this.attributes = new AttributesSurface(() => this.state.text)
    this.presence = new DocumentPresence(name, this.state, context.transport, context.runtime)
    this.statusNow = this.readStatus()
    this.firstLive = Promise.withResolvers<void>()
    this.firstLive.promise.catch(() => {})
  }

  /** Changes with a new object, so that it can be compared by identity. */
  get status(): DocumentStatus {
    return this.statusNow
  }

  /** Version of the last confirmed state. */
  get version(): number {
    return this.state.version
  }

  /** What is shown, to read. Take a `snapshot()` to keep it; edit through {@link change}. */
  get content(): ReturnType<SessionState['text']['snapshot']> {
    return this.state.text
  }

  /** The content hash of the last confirmed state, 16 hexadecimal digits. */
  get confirmedHash(): string {
    return this.state.confirmed.hash()
  }

  /** What is not confirmed yet, as one operation on the last confirmed state. */
  get pendingOperation(): Operation | undefined {
    return this.state.pendingOperation
  }

  /** Makes an edit. Throws RangeError when it does not fit what is shown, ConcordError when the document takes none. */
  change(operation: Operation): void {
    this.assertEditable()
    const invalid = validate(operation, EDIT_LIMITS)
    if (invalid !== undefined) throw new RangeError(`${invalid.field}: ${invalid.message}`)
    this.link.edit(operation)
  }

  /** Takes the user's own last step back, others' edits stay. False when there is none. */
  undo(): boolean {
    this.assertEditable()
    const possible = this.state.canUndo
    this.link.undo()
    return possible
  }

  redo(): boolean {
    this.assertEditable()
    const possible = this.state.canRedo
    this.link.redo()
    return possible
  }

  /** The next edit begins an undo step of its own. */
  undoBoundary(): void {
    this.state.undoBoundary()
  }

  /** A position that edits carry along. `bias`: the side on which it stays of what is inserted exactly there. */
  anchor(position: number, bias: Bias = 'left'): Anchor {
    if (!Number.isInteger(position) || position < 0 || position > this.text.length) throw new RangeError(`position ${position} is outside the document of ${this.text.length} units`)
    return this.anchors.add(position, bias)
  }

  /** Resolves when every edit made until now is acknowledged; rejects when one comes back. */
  saved(): Promise<void> {
    const { made, settled } = this.state.editCount
    if (settled >= made) return Promise.resolve()
    if (this.error !== undefined) return Promise.reject(this.error)
    return new Promise((resolve, reject) => this.waiters.push({ target: made, resolve, reject }))
  }

  /** Resolves when the document is in step with the server for the first time; rejects when it cannot be opened. */
  ready(): Promise<void> {
    return this.firstLive.promise
  }

  /** Stops talking to the server; edits go on and wait. */
  goOffline(): void {
    this.link.disconnect()
    this.onSettled()
  }

  goOnline(): void {
    if (this.error === undefined) this.link.connect()
  }

  /** Leaves. Edits that are not acknowledged stay in the client's storage. */
  async close(): Promise<void> {
    if (this.error === undefined) this.end(new ConcordError({ reason: 'CLOSED', message: `${this.name} was closed` }))
    await this.stopped
  }

  /** A fresh token, before the old one expires. */
  refresh(token: string): void {
    this.link.send({ kind: 'refresh', token })
    this.presence.refresh(token)
  }

  private assertEditable(): void {
    if (this.error !== undefined) throw this.error
    if (!canEdit(this.state.status.role)) {
      throw new ConcordError({ reason: 'ROLE_REQUIRED', message: `your role in ${this.name} does not allow edits: ask an owner for the role editor` })
    }
  }

  private onEffect(effect: SurfaceEffect): void {
    switch (effect.kind) {
      case 'change':
        this.anchors.changed(effect.operation)
        this.presence.changed(effect.operation, effect.author)
        return this.emit('change', effect)
      case 'committed':
        this.presence.committed(effect.own)
        return this.hears('committed') ? this.emit('committed', withNotation(effect)) : undefined
      case 'rejected':
        this.failWaiters(effect.error)
        return this.emit('rejected', effect)
      case 'stranded':
        this.failWaiters(strandedError(effect))
        return this.emit('stranded', effect)
      case 'merged':
        return this.emit('merged', effect)
      case 'diverged':
        return this.emit('diverged', effect)
      case 'notice':
        return this.emit('notice', effect.notice)
      case 'live':
        return this.firstLive.resolve()
      case 'ended':
        return this.end(effect.error)
      case 'status':
        this.statusChanged = true
    }
  }

  private onSettled(): void {
    this.resolveWaiters()
    if (!this.statusChanged) return
    this.statusChanged = false
    this.statusNow = this.readStatus()
    this.presence.setOnline(this.statusNow.connection === 'online')
    this.emit('status', this.statusNow)
  }

  /** Not while something waits for the store: it may be the news that an edit came back. */
  private resolveWaiters(): void {
    const { settled } = this.state.editCount
    if (this.link.isStoring || !this.waiters.some((waiter) => settled >= waiter.target)) return
    const done = this.waiters.filter((waiter) => settled >= waiter.target)
    this.waiters = this.waiters.filter((waiter) => settled < waiter.target)
    for (const waiter of done) waiter.resolve()
  }

  private end(error: ConcordError): void {
    this.error = error
    this.statusChanged = true
    this.firstLive.reject(error)
    this.failWaiters(error)
    this.presence.close()
    this.closed(this)
    this.stopped = this.link.stop()
  }

  private failWaiters(error: ConcordError): void {
    const failed = this.waiters
    this.waiters = []
    for (const waiter of failed) waiter.reject(error)
  }

  private readStatus(): DocumentStatus {
    const status = this.state.status
    return {
      ...status,
      connection: this.link.connection,
      saving: status.pending > 0,
      slowDown: status.pending >= SLOW_DOWN_AT,
      canEdit: this.error === undefined && canEdit(status.role),
      canUndo: this.state.canUndo,
      canRedo: this.state.canRedo,
      error: this.error,
    }
  }
}

/** Before the first answer the role is not known: the device's copy may be edited. */
function canEdit(role: Role | undefined): boolean {
  return role === undefined || role === 'editor' || role === 'owner'
}

/** Written when it is read: most listeners never do. */
function withNotation(event: CommittedEvent): DocumentEvents['committed'] {
  return {
    ...event,
    get notation() {
      return format(event.operation)
    },
  }
}

function strandedError(event: StrandedEvent): ConcordError {
  const reason = event.reason === 'STALE_DEVICE' ? 'OUTCOME_UNKNOWN' : event.reason
  return new ConcordError({ reason, message: 'the edit could not be submitted and was handed back: see the event `stranded`' })
}
