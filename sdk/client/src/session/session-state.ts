import { type DocumentText, isEmpty, type Operation } from '@concord/ot'
import type { ContentHash, Notice, Open, Reason, ServerFrame } from '@concord/protocol'
import type { ConcordError, ErrorReason } from '../concord-error.ts'
import type { Effect, SessionStatus, SessionTimer } from './effects.ts'
import { strand } from './hand-back.ts'
import { checkHash, onAck, onChange, onComposed, tellProgress } from './on-committed.ts'
import { onSnapshot } from './on-content.ts'
import { adoptClientId, onOpened } from './on-opened.ts'
import { onReject } from './on-reject.ts'
import type { RecentCommits } from './recent-commits.ts'
import { Session, type SessionOptions } from './session.ts'
import type { StoredBranch } from './stored-branch.ts'
import { flush } from './submit.ts'

export const SDK_NAME = 'concord-js/0.1.0'

/** Reasons after which a document is out of reach for this user: what is pending is handed back. */
const FORBIDDEN: readonly ErrorReason[] = ['ROLE_REQUIRED', 'DOCUMENT_NOT_FOUND'] satisfies Reason[]

/**
 * The client's side of the session protocol as a state machine without I/O: every input returns the effects to perform,
 * in order. Rules R1 to R18 of docs/spec.md; each decision is asked of `Rules`. `now` is monotonic milliseconds.
 */
export class SessionState {
  private readonly session: Session

  constructor(options: SessionOptions = {}) {
    this.session = new Session(options)
  }

  /** The document shown: confirmed, in flight, buffer. Not to be changed but through {@link edit}. */
  get text(): DocumentText {
    return this.session.branch.shown
  }

  /** S, the last state the server confirmed. Not to be changed. */
  get confirmed(): DocumentText {
    return this.session.branch.confirmed
  }

  /** Version of S. */
  get version(): number {
    return this.session.version
  }

  /** Everything local that is not confirmed, as one operation on S, with this client's tie key. */
  get pendingOperation(): Operation | undefined {
    return this.session.branch.pending()
  }

  /** `buffer`: edits wait that cannot be sent now. */
  get sync(): 'synchronized' | 'in_flight' | 'in_flight_with_buffer' | 'buffer' {
    const { inFlight, buffer } = this.session.branch
    if (inFlight === undefined) return buffer === undefined ? 'synchronized' : 'buffer'
    return buffer === undefined ? 'in_flight' : 'in_flight_with_buffer'
  }

  /** In step with the server, able to submit. */
  get isLive(): boolean {
    return this.session.phase.kind === 'live'
  }

  /** Local edits made, and how many of them are decided. */
  get editCount(): { readonly made: number; readonly settled: number } {
    return { made: this.session.edits, settled: this.session.settledEdits }
  }

  get canUndo(): boolean {
    return this.session.history.canUndo
  }

  get canRedo(): boolean {
    return this.session.history.canRedo
  }

  /** Versions seen lately. */
  get recent(): RecentCommits {
    return this.session.recent
  }

  get status(): SessionStatus {
    const { facts, clientId, userId, version, edits, settledEdits } = this.session
    return { ...facts, clientId, userId, version, pending: edits - settledEdits }
  }

  /** What the device should keep now. */
  stored(document: string): StoredBranch {
    const { branch, flight, userId, clientId, lastSeq, version, epoch } = this.session
    return {
      document,
      ...(userId === undefined ? {} : { userId }),
      ...(clientId === undefined ? {} : { clientId }),
      lastSeq,
      version,
      epoch,
      content: branch.confirmed.snapshot(),
      ...(branch.inFlight === undefined || flight === undefined ? {} : { inFlight: { seq: flight.seq, operation: branch.inFlight } }),
      ...(branch.buffer === undefined ? {} : { buffer: branch.buffer }),
    }
  }

  /** A local edit. Throws RangeError, and changes nothing, when it does not fit what is shown. Never waits for anything. */
  edit(operation: Operation, now: number): Effect[] {
    const inverse = this.session.branch.edit(operation)
    if (isEmpty(operation)) return []
    this.session.history.record(inverse, now)
    return this.afterEdit(operation, now)
  }

  /** Takes the user's last step back, as a local edit. No effects when there is none. */
  undo(now: number): Effect[] {
    return this.travel('undo', now)
  }

  redo(now: number): Effect[] {
    return this.travel('redo', now)
  }

  /** The next edit begins a step of undo of its own. */
  undoBoundary(): void {
    this.session.history.boundary()
  }

  /** A stream is being opened; this is what its first frame says. */
  connecting(document: string): Open {
    const { session } = this
    session.phase = { kind: 'opening' }
    const clientId = session.rules.clientId(session.clientId)
    return {
      document,
      ...(clientId === undefined ? {} : { clientId }),
      version: session.version,
      epoch: session.version === 0 ? 0 : session.rules.epoch(session.epoch),
      lastSeq: session.lastSeq,
      sdk: SDK_NAME,
      features: [],
      snapshot: session.distrust !== undefined,
      algorithms: [1],
    }
  }

  /** The stream is gone. What was in flight waits for the next `opened` to tell its fate (R3). */
  disconnected(): void {
    if (this.session.phase.kind !== 'ended') this.session.phase = { kind: 'detached' }
  }

  /** The stream ended with a reason. Among the effects is `ended` when coming back would not help. */
  failed(error: ConcordError, now: number): Effect[] {
    const { session } = this
    this.disconnected()
    if (error.reason === 'CLIENT_ID_UNKNOWN') return adoptClientId(session)
    // The id is another user's, and so is what waits under it: it is not submitted in this one's name (R11).
    if (error.reason === 'CLIENT_ID_FOREIGN') return [...strand(session, error.reason), ...adoptClientId(session)]
    if (error.reason === 'DIVERGED' || error.reason === 'VERSION_COMPACTED' || error.reason === 'VERSION_AHEAD') session.distrust ??= 'server'
    if (error.advice !== 'stop' || (error.reason === 'SESSION_REPLACED' && session.mayComeBack(now))) return []
    session.phase = { kind: 'ended' }
    const stranded = FORBIDDEN.includes(error.reason) ? strand(session, error.reason as Reason) : []
    return [...stranded, { kind: 'ended', error }]
  }

  timer(timer: SessionTimer, now: number): Effect[] {
    const { session } = this
    if (timer === 'submit') {
      session.submitTimer = false
      return flush(session, now)
    }
    session.progressTimer = false
    return this.isLive && session.toldVersion !== session.version ? [tellProgress(session)] : []
  }

  receive(frame: ServerFrame, now: number): Effect[] {
    const { session } = this
    if (session.phase.kind === 'detached' || session.phase.kind === 'ended') return []
    switch (frame.kind) {
      case 'opened':
        return onOpened(session, frame.opened, now)
      case 'snapshot':
        return onSnapshot(session, frame.snapshot, now)
      case 'change':
        return onChange(session, frame.change, now)
      case 'ack':
        return onAck(session, frame.ack, now)
      case 'composed':
        return onComposed(session, frame.composed, now)
      case 'reject':
        return onReject(session, frame.reject, now)
      case 'mark':
        return this.onMark(frame.version, frame.hash)
      case 'notice':
        return this.onNotice(frame.notice)
    }
  }

  /** Only whoever was sent everything up to a version is sent its mark: who has less has lost something (R1). */
  private onMark(version: number, hash: ContentHash): Effect[] {
    const { session } = this
    if (!this.isLive || version < session.version) return []
    return session.rules.slot(session.version, version + 1) ? checkHash(session, hash) : session.openAgain()
  }

  private onNotice(notice: Notice): Effect[] {
    const { session } = this
    if (notice.kind === 'title') session.facts = { ...session.facts, title: notice.title }
    if (notice.kind === 'role') session.facts = { ...session.facts, role: notice.role }
    if (notice.kind === 'degradation') session.facts = { ...session.facts, degradation: notice.level }
    if (notice.kind === 'pace') session.serverPaceMs = notice.paceMs
    return [{ kind: 'notice', notice }, { kind: 'status' }]
  }

  private travel(way: 'undo' | 'redo', now: number): Effect[] {
    let effects: Effect[] = []
    this.session.history[way]((operation) => {
      const inverse = this.session.branch.edit(operation)
      effects = this.afterEdit(operation, now)
      return inverse
    })
    return effects
  }

  private afterEdit(operation: Operation, now: number): Effect[] {
    const { session } = this
    session.edits++
    // An edit that takes the one before back leaves nothing to send.
    session.settle(session.settledEdits)
    return [{ kind: 'change', operation, origin: 'local' }, { kind: 'persist', urgent: false }, { kind: 'status' }, ...flush(session, now)]
  }
}
