import type { Author, ClientPresence, PresenceState, ServerPresence } from '@concord/protocol'
import { type Operation, transformPosition } from '@concord/ot'
import type { Runtime, TimerHandle } from '@concord/runtime'
import { Emitter } from '../emitter.ts'
import type { SessionState } from '../session/session-state.ts'
import type { Channel, PresenceOpen, Transport } from '../transport/transport.ts'
import { type Ends, positionBefore } from './carry.ts'
import { type Other, Participants, type View } from './participants.ts'

/** At most ten states a second leave, always the latest; in milliseconds. */
const THROTTLE_MS = 100

/** Nothing to say: still here. The server forgets a client after two of these. */
const BEAT_MS = 5_000

/** A presence channel that broke is opened again after this; presence may be late, edits come first. */
const RETRY_MS = 2_000

/** Edits move the selections of others: told at once, then at most this often, which is once a frame; in milliseconds. */
const FRAME_MS = 16

/** What an application shows of its user. Fields left out keep their value; `selection: null` removes it. */
export interface OwnPresence {
  readonly name?: string
  /** `#rrggbb`. */
  readonly color?: string
  /** In the document shown. */
  readonly selection?: Ends | null
  readonly activity?: PresenceState['activity']
  /** Any JSON value of the application's. */
  readonly data?: unknown
}

export interface PresenceEvents {
  /** Somebody came, moved, left, or edits moved selections: many edits in a row are one event per frame. */
  change: readonly Other[]
}

/**
 * Presence in one document: ephemeral, on a channel of its own, never in the way of an edit. Opens with the first use and
 * only while the document is online.
 */
export class DocumentPresence extends Emitter<PresenceEvents> {
  private readonly document: string
  private readonly state: SessionState
  private readonly transport: Transport
  private readonly runtime: Runtime
  private readonly participants = new Participants()
  private channel: Channel<ClientPresence> | undefined
  private own: { name: string; color: string; selection: Ends | null; activity: PresenceState['activity']; data: string } = { name: '', color: '', selection: null, activity: 'active', data: '' }
  private anonymous = false
  private wanted = false
  private online = false
  private timer: TimerHandle | undefined
  private dirty = false
  private sentAt = -Infinity
  private counted = 0
  private notifiedAt = -Infinity
  /** Until the frame is over in which edits moved selections. */
  private frame: TimerHandle | undefined
  private level: ServerPresence['detail'] = 'full'

  constructor(document: string, state: SessionState, transport: Transport, runtime: Runtime) {
    super()
    this.document = document
    this.state = state
    this.transport = transport
    this.runtime = runtime
  }

  /** The others, with their selections in the document shown. */
  get others(): readonly Other[] {
    this.follow()
    return this.participants.list()
  }

  /** Participants in all, this client not counted; more than {@link others} when only a sample is shown. */
  get count(): number {
    return Math.max(this.counted, this.participants.size)
  }

  get detail(): ServerPresence['detail'] {
    return this.level
  }

  override on<Name extends keyof PresenceEvents>(name: Name, listener: (event: PresenceEvents[Name]) => void): () => void {
    this.follow()
    return super.on(name, listener)
  }

  /** Shows this client to the others. */
  set(presence: OwnPresence): void {
    const { name, color, selection, activity, data } = presence
    this.own = {
      name: name ?? this.own.name,
      color: color ?? this.own.color,
      selection: selection === undefined ? this.own.selection : selection,
      activity: activity ?? this.own.activity,
      data: data === undefined ? this.own.data : JSON.stringify(data),
    }
    this.dirty = true
    this.follow()
    this.tick()
  }

  /** Hides the user's id and name from the others, from the next time the channel opens. */
  setAnonymous(anonymous: boolean): void {
    if (this.anonymous === anonymous) return
    this.anonymous = anonymous
    this.drop()
    this.openChannel()
  }

  /** What is shown changed. */
  changed(operation: Operation, author: Author | undefined): void {
    const { selection } = this.own
    if (selection !== null) {
      const bias = author === undefined ? 'right' : 'left'
      this.own.selection = { anchor: transformPosition(selection.anchor, operation, bias), head: transformPosition(selection.head, operation, bias) }
    }
    this.participants.changed(operation, author)
    if (this.participants.size > 0) this.notifySoon()
  }

  /** A version arrived. */
  committed(own: boolean): void {
    if (this.participants.arrived(() => this.view())) this.notify()
    if (own && this.own.selection !== null && this.channel !== undefined) {
      this.dirty = true
      this.tick()
    }
  }

  setOnline(online: boolean): void {
    if (this.online === online) return
    this.online = online
    if (online) return this.openChannel()
    this.drop()
    this.notify()
  }

  refresh(token: string): void {
    this.channel?.send({ kind: 'refresh', token })
  }

  close(): void {
    this.wanted = false
    this.drop()
  }

  private follow(): void {
    if (this.wanted) return
    this.wanted = true
    this.openChannel()
  }

  private openChannel(): void {
    const clientId = this.state.status.clientId
    if (!this.wanted || !this.online || this.channel !== undefined || clientId === undefined) return
    const open: PresenceOpen = { kind: 'open', document: this.document, clientId, anonymous: this.anonymous }
    let current: Channel<ClientPresence> | undefined
    current = this.transport.openPresence(open, {
      message: (presence) => {
        if (this.channel === current) this.receive(presence)
      },
      ended: (error) => {
        if (this.channel !== current) return
        this.drop()
        this.notify()
        if (error.advice !== 'stop') this.arm(error.retryAfterMs ?? RETRY_MS, () => this.openChannel())
      },
    })
    this.channel = current
    this.dirty = true
    this.tick()
  }

  private receive(presence: ServerPresence): void {
    this.counted = presence.count
    this.level = presence.detail
    this.participants.update(presence, this.view())
    this.notify()
  }

  /** Sends the latest state when one is due, else a beat when that is; and comes back for the next. */
  private tick(): void {
    if (this.channel === undefined) return
    const now = this.runtime.clock.monotonic()
    const due = this.sentAt + (this.dirty ? THROTTLE_MS : BEAT_MS)
    if (now >= due) {
      this.channel.send(this.dirty ? { kind: 'state', state: this.wireState() } : { kind: 'beat' })
      this.dirty = false
      this.sentAt = now
    }
    this.arm(Math.max(0, this.sentAt + (this.dirty ? THROTTLE_MS : BEAT_MS) - now), () => this.tick())
  }

  private wireState(): PresenceState {
    const { name, color, selection, activity, data } = this.own
    return { name, color, activity, data, ...(selection === null ? {} : { selection: { version: this.state.version, anchor: this.confirmed(selection.anchor), head: this.confirmed(selection.head) } }) }
  }

  /** Others know only what is committed: a place in text that still waits is where that text will be. */
  private confirmed(position: number): number {
    const pending = this.state.pendingOperation
    return pending === undefined ? position : positionBefore(position, pending)
  }

  private view(): View {
    const { state } = this
    return {
      version: state.version,
      length: state.text.length,
      pending: state.pendingOperation,
      commitsAfter: (version) => state.recent.after(version, state.version),
    }
  }

  private notify(): void {
    this.disarmFrame()
    this.notifiedAt = this.runtime.clock.monotonic()
    if (this.hears('change')) this.emit('change', this.participants.list())
  }

  private notifyMoved(): void {
    if (this.participants.takeMoved()) this.notify()
  }

  private notifySoon(): void {
    if (this.frame !== undefined || !this.hears('change')) return
    const leftMs = this.notifiedAt + FRAME_MS - this.runtime.clock.monotonic()
    if (leftMs <= 0) return this.notifyMoved()
    this.frame = this.runtime.timers.set(leftMs, () => {
      this.frame = undefined
      this.notifyMoved()
    })
  }

  private disarmFrame(): void {
    if (this.frame !== undefined) this.runtime.timers.clear(this.frame)
    this.frame = undefined
  }

  private arm(delayMs: number, run: () => void): void {
    this.disarm()
    this.timer = this.runtime.timers.set(delayMs, () => {
      this.timer = undefined
      run()
    })
  }

  private disarm(): void {
    if (this.timer !== undefined) this.runtime.timers.clear(this.timer)
    this.timer = undefined
  }

  private drop(): void {
    this.disarm()
    this.disarmFrame()
    this.channel?.close()
    this.channel = undefined
    this.participants.clear()
    this.counted = 0
  }
}
