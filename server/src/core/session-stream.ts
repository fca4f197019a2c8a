import type { ClientFrame, Notice, Opened, Role, ServerFrame, SessionId, WireError } from '@concord/protocol'
import type { Identity } from '../ports/index.ts'
import type { SessionHandle, SharedFrame } from './carrier.ts'
import { changeFrame, type CatchUpSource, type DueFrame } from './catch-up.ts'
import { wireError } from './failures.ts'
import type { Session } from './sequencer.ts'

/** What a stream asks of its document. */
export interface StreamOwner {
  readonly source: CatchUpSource
  received(stream: SessionStream, frame: ClientFrame): void
  /** The reader's place is not in the window any more (R5). */
  fellOut(stream: SessionStream): void
  detached(stream: SessionStream): void
  catchUpFailed(stream: SessionStream, error: unknown): void
  soon(callback: () => void): void
}

/**
 * One reader of a document: a cursor into the shared window, and in front of it what is due to this reader alone: frames
 * without a place in the order, and the catch-up. It is pulled, and never holds more than a bounded part of the past.
 */
export class SessionStream implements SessionHandle {
  readonly kind = 'session'
  identity: Identity
  session: Session
  /** As the client was told last. */
  role: Role = 'viewer'
  /** Version the reader has got; undefined in the middle of a content. */
  cursor: number | undefined
  /** True between the decision to open the session again by itself and its `opened` (R5). */
  isReopening = false
  private readonly owner: StreamOwner
  private readonly wake: () => void
  /** Made for the few streams that are opened again. */
  private former: Set<SessionId> | undefined
  private control: SharedFrame[] = []
  private prepared: DueFrame[] = []
  private preparedAt = 0
  private preparedBytes = 0
  private catchUp: AsyncGenerator<DueFrame, void, undefined> | undefined
  private isPreparing = false
  /** True until {@link start}: the carrier has no handle yet that it could pull. */
  private isAwake = true
  private isLive = false
  private isClosed = false
  private end: WireError | 'done' | undefined

  constructor(owner: StreamOwner, identity: Identity, session: Session, wake: () => void) {
    this.owner = owner
    this.identity = identity
    this.session = session
    this.wake = wake
  }

  get ended(): WireError | 'done' | undefined {
    return this.end
  }

  /** Nobody reads it any more, or it says nothing any more. */
  get isOver(): boolean {
    return this.isClosed || this.end !== undefined
  }

  /** Begins, or begins again: `opened`, then the catch-up from the reader's version. */
  begin(session: Session, opened: Opened, version: number, catchUp: AsyncGenerator<DueFrame, void, undefined>): void {
    if (this.session !== session) (this.former ??= new Set()).add(this.session.id)
    this.session = session
    this.isReopening = false
    this.isLive = false
    this.cursor = version
    this.dropCatchUp()
    this.catchUp = catchUp
    this.push({ kind: 'opened', opened })
    this.prepare()
  }

  /** The carrier has the handle from here on. */
  start(): void {
    this.isAwake = false
    this.stir()
  }

  /** A submit that was under way when the session was opened again: it can never commit, and the reader knows (R3). */
  isFormer(session: SessionId): boolean {
    return this.former?.has(session) ?? false
  }

  receive(frame: ClientFrame): void {
    if (this.end === undefined && !this.isClosed) this.owner.received(this, frame)
  }

  renew(identity: Identity): void {
    this.identity = identity
  }

  /** What waits for the reader: bytes of a catch-up before the last piece of it, and frames outside the order. */
  get waiting(): { readonly preparedBytes: number; readonly controlFrames: number } {
    return { preparedBytes: this.preparedBytes - (this.prepared.at(-1)?.size ?? 0), controlFrames: this.control.length }
  }

  /** A frame outside the order of versions. */
  push(value: ServerFrame): void {
    this.pushShared(this.owner.source.parts.codec.frame(value))
  }

  pushShared(frame: SharedFrame): void {
    if (this.end !== undefined) return
    if (this.control.length >= this.owner.source.parts.limits.controlFrames) {
      return this.finish(wireError('RATE_LIMITED', 'Too many frames wait for this session: read them.', { retryAfterMs: 1_000 }))
    }
    this.control.push(frame)
    this.stir()
  }

  notify(notice: Notice): void {
    this.push({ kind: 'notice', notice })
  }

  /** The session is over; what is prepared is still pulled. */
  finish(error: WireError | 'done'): void {
    if (this.end !== undefined) return
    this.end = error
    this.dropCatchUp()
    this.isReopening = false
    this.stir()
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.dropCatchUp()
    this.control = []
    this.owner.detached(this)
  }

  /** Something is due: tells the carrier once. */
  stir(): void {
    if (this.isAwake || this.isClosed) return
    this.isAwake = true
    this.wake()
  }

  /** True when the reader has everything. */
  isAtHead(): boolean {
    return this.isLive && this.cursor === this.owner.source.window.head
  }

  pull(maxBytes: number): readonly SharedFrame[] {
    if (this.isClosed) return []
    this.isAwake = false
    const frames = this.control
    this.control = []
    if (this.isReopening || this.end !== undefined) return frames
    let bytes = this.pullPrepared(frames, maxBytes)
    if (bytes < maxBytes && this.isReady()) bytes = this.pullWindow(frames, bytes, maxBytes)
    if (bytes >= maxBytes) this.wakeAgain()
    return frames
  }

  private pullPrepared(frames: SharedFrame[], maxBytes: number): number {
    let bytes = 0
    while (bytes < maxBytes && this.preparedAt < this.prepared.length) {
      const { frame, size, version } = this.prepared[this.preparedAt++]!
      frames.push(frame)
      bytes += size
      this.preparedBytes -= size
      this.cursor = version
    }
    if (this.preparedAt === this.prepared.length && this.preparedAt > 0) {
      this.prepared = []
      this.preparedAt = 0
    }
    this.prepare()
    return bytes
  }

  /** Whether the reader goes on in the window: its catch-up is at the end. */
  private isReady(): boolean {
    return this.catchUp === undefined && this.preparedAt === this.prepared.length
  }

  private pullWindow(frames: SharedFrame[], before: number, maxBytes: number): number {
    const { window } = this.owner.source
    let bytes = before
    if (this.cursor === undefined || this.cursor < window.floor) {
      this.owner.fellOut(this)
      return bytes
    }
    this.isLive = true
    while (bytes < maxBytes) {
      const entry = window.at(this.cursor + 1)
      if (entry === undefined) break
      frames.push(changeFrame(entry, this.session, this.owner.source))
      bytes += entry.size
      this.cursor++
    }
    return bytes
  }

  /** A carrier that judges by real bytes may think that nothing is left. */
  private wakeAgain(): void {
    this.owner.soon(() => {
      if (this.end === undefined) this.stir()
    })
  }

  /** A reader who does not take what is prepared gets no more prepared. */
  private get hasRoom(): boolean {
    const { limits, rules } = this.owner.source.parts
    return rules.preparesMore(this.preparedBytes, limits.preparedBytes)
  }

  /** Fills what is prepared up to a bound; one fill at a time. */
  private prepare(): void {
    const { catchUp } = this
    if (catchUp === undefined || this.isPreparing || !this.hasRoom) return
    this.isPreparing = true
    this.fill(catchUp).then(
      () => this.filled(catchUp),
      (error: unknown) => this.failed(catchUp, error),
    )
  }

  private async fill(catchUp: AsyncGenerator<DueFrame, void, undefined>): Promise<void> {
    while (this.catchUp === catchUp && this.hasRoom) {
      const next = await catchUp.next()
      if (this.catchUp !== catchUp) return
      if (next.done === true) {
        this.catchUp = undefined
        return
      }
      this.prepared.push(next.value)
      this.preparedBytes += next.value.size
    }
  }

  private filled(catchUp: AsyncGenerator<DueFrame, void, undefined>): void {
    if (this.catchUp !== undefined && this.catchUp !== catchUp) return
    this.isPreparing = false
    this.stir()
  }

  private failed(catchUp: AsyncGenerator<DueFrame, void, undefined>, error: unknown): void {
    if (this.catchUp !== catchUp) return
    this.isPreparing = false
    this.owner.catchUpFailed(this, error)
  }

  private dropCatchUp(): void {
    const { catchUp } = this
    this.catchUp = undefined
    this.isPreparing = false
    this.prepared = []
    this.preparedAt = 0
    this.preparedBytes = 0
    catchUp?.return().catch(() => undefined)
  }
}
