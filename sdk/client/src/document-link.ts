import type { Operation } from '@concord/ot'
import type { ClientFrame, ServerFrame } from '@concord/protocol'
import type { Runtime, TimerHandle } from '@concord/runtime'
import { type ConcordError, unreachable } from './concord-error.ts'
import type { ReconnectGate } from './reconnect-gate.ts'
import type { Effect } from './session/effects.ts'
import type { SessionState } from './session/session-state.ts'
import type { BranchStorage } from './storage.ts'
import type { TokenSource } from './token-source.ts'
import type { Channel, Transport } from './transport/transport.ts'

/** What all documents of a client share. */
export interface ClientContext {
  readonly runtime: Runtime
  readonly transport: Transport
  readonly gate: ReconnectGate
  readonly tokens: TokenSource
  readonly storage: BranchStorage
}

export type Connection = 'online' | 'connecting' | 'offline'

/** Effects that the document's surface turns into events. */
export type SurfaceEffect = Extract<Effect, { kind: 'change' | 'committed' | 'rejected' | 'merged' | 'stranded' | 'diverged' | 'live' | 'ended' | 'notice' | 'status' }>

/** Edits are stored at most this long after they were made, in milliseconds; a submit is stored before it leaves. */
const PERSIST_SOON_MS = 250

/** A device store that failed is tried again after this, in milliseconds. */
const PERSIST_RETRY_MS = 1_000

/** A server that owes an answer and says nothing at all for this long is taken for gone, in milliseconds: a dead line makes no noise. */
const SILENCE_MS = 20_000

/** A token that is refused twice within this time is not asked for again at once, in milliseconds. */
const REFRESH_PAUSE_MS = 10_000

/**
 * Performs the effects of one {@link SessionState}: keeps its channel open, its timers running, its branch stored. Events
 * reach the surface at once and in order; what must wait for the store (submits, withdrawals) waits in a lane of its own,
 * so that nothing the user sees ever waits.
 */
export class DocumentLink {
  readonly document: string
  readonly state: SessionState
  private readonly context: ClientContext
  private readonly surface: (effect: SurfaceEffect) => void
  private readonly settled: () => void
  private channel: Channel<ClientFrame> | undefined
  private attempt = 0
  private cancelWait: () => void = () => {}
  private connectionNow: Connection = 'offline'
  private wasLive = false
  private refreshedAt = -Infinity
  private reconnectAt: number | undefined
  private readonly timers = new Set<TimerHandle>()
  private queue: Effect[] = []
  private draining = false
  private lane: { readonly effect: Effect; readonly channel: Channel<ClientFrame> | undefined }[] = []
  private storing = false
  private storeAgain = false
  private persistTimer: TimerHandle | undefined
  private watching = false
  private heardAt = 0
  private stopped = false

  /** @param settled is called after each input, when all its events have been heard. */
  constructor(document: string, state: SessionState, context: ClientContext, surface: (effect: SurfaceEffect) => void, settled: () => void) {
    this.document = document
    this.state = state
    this.context = context
    this.surface = surface
    this.settled = settled
  }

  get connection(): Connection {
    return this.connectionNow
  }

  /** Something waits until the branch is stored. */
  get isStoring(): boolean {
    return this.storing
  }

  edit(operation: Operation): void {
    this.perform(this.state.edit(operation, this.now()))
  }

  undo(): void {
    this.perform(this.state.undo(this.now()))
  }

  redo(): void {
    this.perform(this.state.redo(this.now()))
  }

  /** Connects, and stays connected until {@link disconnect} or {@link stop}. */
  connect(): void {
    if (this.stopped || this.connectionNow !== 'offline') return
    this.setConnection('connecting')
    this.openChannel()
  }

  /** Goes offline until {@link connect}; edits go on locally. */
  disconnect(): void {
    this.closeChannel()
    this.state.disconnected()
    this.setConnection('offline')
  }

  /** Ends for good; what is pending is stored first. */
  async stop(): Promise<void> {
    if (this.stopped) return
    this.disconnect()
    this.stopped = true
    for (const timer of this.timers) this.context.runtime.timers.clear(timer)
    this.timers.clear()
    await this.context.storage.save(this.state.stored(this.document))
    await this.context.storage.release(this.document)
  }

  send(frame: ClientFrame): void {
    this.channel?.send(frame)
  }

  private now(): number {
    return this.context.runtime.clock.monotonic()
  }

  private openChannel(): void {
    const { gate, transport } = this.context
    this.attempt = gate.begin()
    this.wasLive = false
    this.reconnectAt = undefined
    let current: Channel<ClientFrame> | undefined
    const isCurrent = (): boolean => current !== undefined && this.channel === current
    current = transport.openSession(this.state.connecting(this.document), {
      message: (frame: ServerFrame) => {
        this.heardAt = this.now()
        if (isCurrent()) this.perform(this.state.receive(frame, this.heardAt))
      },
      ended: (error) => {
        if (isCurrent()) this.onEnded(error)
      },
    })
    this.channel = current
    this.heardAt = this.now()
    this.watch()
  }

  /** While an answer is owed, looks whether the server says anything at all. */
  private watch(): void {
    if (this.watching || !this.isOwedAnswer()) return
    this.watching = true
    this.schedule(SILENCE_MS, () => {
      this.watching = false
      if (this.isOwedAnswer() && this.now() - this.heardAt >= SILENCE_MS) {
        this.channel?.close()
        this.onEnded(unreachable(`the server has said nothing for ${SILENCE_MS / 1000} seconds`))
      }
      this.watch()
    })
  }

  private isOwedAnswer(): boolean {
    return this.channel !== undefined && (!this.state.isLive || this.state.sync.startsWith('in_flight'))
  }

  private onEnded(error: ConcordError): void {
    this.channel = undefined
    this.perform(this.state.failed(error, this.now()))
    if (this.connectionNow !== 'offline') this.reconnect(error)
  }

  private reconnect(error: ConcordError): void {
    const { gate, tokens } = this.context
    this.setConnection('connecting')
    if (!this.wasLive) gate.failed(this.attempt)
    let delay = this.reconnectAt === undefined ? error.retryAfterMs : Math.max(0, this.reconnectAt - this.now())
    if (error.advice === 'refresh') {
      tokens.invalidate()
      if (this.now() - this.refreshedAt > REFRESH_PAUSE_MS) delay = 0
      this.refreshedAt = this.now()
    }
    this.cancelWait()
    this.cancelWait = gate.wait(() => this.openChannel(), delay)
  }

  /** The session wants another stream. The first time at once; when that did not help, like any failure. */
  private reopen(): void {
    const helped = this.wasLive
    this.dropChannel()
    this.state.disconnected()
    if (this.connectionNow === 'offline') return
    this.setConnection('connecting')
    if (helped) return this.openChannel()
    this.context.gate.failed(this.attempt)
    this.cancelWait = this.context.gate.wait(() => this.openChannel())
  }

  private closeChannel(): void {
    this.cancelWait()
    this.cancelWait = () => {}
    if (this.channel !== undefined && !this.wasLive) this.context.gate.abandoned(this.attempt)
    this.dropChannel()
  }

  private dropChannel(): void {
    this.channel?.close()
    this.channel = undefined
  }

  private setConnection(connection: Connection): void {
    if (this.connectionNow === connection) return
    this.connectionNow = connection
    this.perform([{ kind: 'status' }])
  }

  /** An event's listener may edit: what that causes is performed after what caused it. */
  private perform(effects: readonly Effect[]): void {
    this.queue.push(...effects)
    if (this.draining) return
    this.draining = true
    try {
      for (let effect = this.queue.shift(); effect !== undefined; effect = this.queue.shift()) this.performOne(effect)
    } finally {
      this.draining = false
    }
    this.settled()
  }

  private performOne(effect: Effect): void {
    switch (effect.kind) {
      case 'persist':
        return effect.urgent ? this.persist() : this.persistSoon()
      case 'send':
      case 'rejected':
      case 'stranded':
        if (this.storing) this.lane.push({ effect, channel: this.channel })
        else this.performDurable(effect, this.channel)
        return
      case 'timer':
        return this.schedule(effect.delayMs, () => this.perform(this.state.timer(effect.timer, this.now())))
      case 'reopen':
        return this.reopen()
      case 'live':
        this.wasLive = true
        this.context.gate.succeeded()
        this.setConnection('online')
        return this.surface(effect)
      case 'ended':
        this.closeChannel()
        this.setConnection('offline')
        return this.surface(effect)
      case 'notice':
        if (effect.notice.kind === 'drain') this.leaveIn(effect.notice.reconnectAfterMs)
        return this.surface(effect)
      default:
        return this.surface(effect)
    }
  }

  /** A frame belongs to the channel it was made for: a later session must not see it (R2). */
  private performDurable(effect: Effect, channel: Channel<ClientFrame> | undefined): void {
    if (effect.kind === 'send' && channel === this.channel) {
      channel?.send(effect.frame)
      this.watch()
    } else if (effect.kind === 'rejected' || effect.kind === 'stranded') this.surface(effect)
  }

  /** The server is about to close: comes back when it said, whether it has closed by then or not. */
  private leaveIn(delayMs: number): void {
    this.reconnectAt = this.now() + delayMs
    const leaving = this.channel
    this.schedule(delayMs, () => {
      if (leaving !== undefined && this.channel === leaving) this.reopen()
    })
  }

  private schedule(delayMs: number, run: () => void): void {
    const { timers } = this.context.runtime
    const timer = timers.set(delayMs, () => {
      this.timers.delete(timer)
      run()
    })
    this.timers.add(timer)
  }

  private persistSoon(): void {
    if (this.persistTimer !== undefined || this.stopped) return
    const { timers } = this.context.runtime
    this.persistTimer = timers.set(PERSIST_SOON_MS, () => {
      this.timers.delete(this.persistTimer!)
      this.persistTimer = undefined
      this.persist()
    })
    this.timers.add(this.persistTimer)
  }

  /** One save at a time: one asked for meanwhile follows, and the lane waits for both. */
  private persist(): void {
    if (this.storing) {
      this.storeAgain = true
      return
    }
    this.store()
  }

  private store(): void {
    this.storing = true
    this.storeAgain = false
    try {
      const done = this.context.storage.save(this.state.stored(this.document))
      if (done === undefined) this.stored()
      else done.then(() => this.stored(), () => this.storeLater())
    } catch {
      this.storeLater()
    }
  }

  private stored(): void {
    if (this.storeAgain) return this.store()
    this.storing = false
    const lane = this.lane
    this.lane = []
    for (const { effect, channel } of lane) this.performDurable(effect, channel)
    // Stored at once: what was decided with it, as a reject, is still to be heard.
    if (!this.draining) this.settled()
  }

  /** A branch that cannot be stored is not submitted either (R10). */
  private storeLater(): void {
    if (!this.stopped) this.schedule(PERSIST_RETRY_MS, () => this.store())
  }
}
