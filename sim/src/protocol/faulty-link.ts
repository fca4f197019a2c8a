import { type Channel, type ChannelHandler, ConcordError, type PresenceOpen, type Transport, unreachable } from '@concord/client'
import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence, Submit } from '@concord/protocol'
import type { Identity } from '@concord/server/ports'
import type { SessionHandle, SessionHub, SubmitDecision } from '@concord/server/core/carrier'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'

/** The server that a link reaches at the moment; another generation after a restart. */
export interface ServerSide {
  readonly generation: number
  readonly hub: SessionHub | undefined
  /** Calls back once when this generation dies, as a reset connection does. */
  onDeath(callback: () => void): void
}

/** How bad a link is. Delays in milliseconds, the rest are probabilities per frame. */
export interface LinkFaults {
  readonly delayMs: number
  /** A submit arrives a second time, later, as after a retry. */
  readonly repeat: number
  /** A frame of the server is lost or doubled: what R1 is there for. */
  readonly glitch: number
  /** Submits go up by calls of their own, as beside a `Watch`: they find their session by its id alone. */
  readonly unary: boolean
  /** Milliseconds a reader may leave its frames lying: what R5 is there for. */
  readonly slowMs: number
}

export const PERFECT: LinkFaults = { delayMs: 1, repeat: 0, glitch: 0, unary: false, slowMs: 0 }

/** Who watches what passes. */
export interface LinkObserver {
  /** A submit leaves. */
  submitted(submit: Submit): void
  /** A stream that carries its own submits ended. */
  streamEnded(error: ConcordError): void
}

/**
 * A client's network under virtual time: FIFO each way, with delay. A cut is seen by the client at once and by the
 * server later, so that what was under way up still arrives: the late submits that R2 fences off.
 */
export class FaultyLink implements Transport {
  faults: LinkFaults
  readonly #world: VirtualTime
  readonly #random: KeyedRandom
  readonly #identity: Identity
  readonly #server: () => ServerSide
  readonly #channels = new Set<LinkChannel>()
  readonly #observer: LinkObserver
  #down = false

  constructor(world: VirtualTime, random: KeyedRandom, identity: Identity, server: () => ServerSide, faults: LinkFaults, observer: LinkObserver) {
    this.#observer = observer
    this.#world = world
    this.#random = random
    this.#identity = identity
    this.#server = server
    this.faults = faults
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const channel = new LinkChannel(this.#world, this.#random, () => this.faults, this.#heard(handler), () => this.#channels.delete(channel))
    this.#channels.add(channel)
    if (this.#down) channel.cut('the network is down')
    else channel.connect(this.#identity, open, this.#server)
    return {
      send: (frame) => {
        if (frame.kind === 'submit') this.#observer.submitted(frame.submit)
        channel.send(frame)
      },
      close: () => channel.close(),
    }
  }

  openPresence(_open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    this.#world.schedule(1, () => handler.ended(new ConcordError({ reason: 'NOT_SERVED', message: 'this link carries no presence' })))
    return { send: () => undefined, close: () => undefined }
  }

  /** Every channel breaks; new ones do too until {@link restore}. */
  cut(stayDown: boolean): void {
    this.#down = stayDown
    for (const channel of [...this.#channels]) channel.cut('the connection was cut')
  }

  #heard(handler: ChannelHandler<ServerFrame>): ChannelHandler<ServerFrame> {
    const ended = (error: ConcordError): void => {
      if (!this.faults.unary) this.#observer.streamEnded(error)
      handler.ended(error)
    }
    return { message: (frame) => handler.message(frame), ended }
  }

  /** Readers take nothing for a while, so that they fall out of the window (R5). */
  stall(ms: number): void {
    for (const channel of this.#channels) channel.stall(ms)
  }

  restore(): void {
    this.#down = false
  }

  close(): void {
    for (const channel of [...this.#channels]) channel.close()
  }
}

class LinkChannel implements Channel<ClientFrame> {
  readonly #world: VirtualTime
  readonly #random: KeyedRandom
  readonly #faults: () => LinkFaults
  readonly #handler: ChannelHandler<ServerFrame>
  readonly #forget: () => void
  #handle: SessionHandle | undefined
  #early: ClientFrame[] = []
  #clientGone = false
  #serverGone = false
  #stalledUntil = 0
  #upAt = 0
  #downAt = 0
  #isAlive: () => boolean = () => true
  #submitTo: ((submit: Submit) => Promise<SubmitDecision>) | undefined

  constructor(world: VirtualTime, random: KeyedRandom, faults: () => LinkFaults, handler: ChannelHandler<ServerFrame>, forget: () => void) {
    this.#world = world
    this.#random = random
    this.#faults = faults
    this.#handler = handler
    this.#forget = forget
  }

  connect(identity: Identity, open: Open, server: () => ServerSide): void {
    this.#up(() => {
      const { hub, generation } = server()
      this.#isAlive = () => server().generation === generation
      server().onDeath(() => this.#endLater(unreachable('the server went away')))
      if (hub === undefined) return this.#endLater(unreachable('the server is down'))
      this.#submitTo = (submit) => hub.submit(identity, open.document, submit)
      void hub.open(identity, open, () => this.#wake()).then((opened) => {
        if (!this.#isAlive()) return this.#endLater(unreachable('the server went away'))
        if (opened.kind === 'failure') return this.#endLater(new ConcordError(opened.error))
        this.#handle = opened
        for (const frame of this.#early.splice(0)) opened.receive(frame)
        if (this.#serverGone) opened.close()
        else this.#wake()
      })
    })
  }

  send(frame: ClientFrame): void {
    if (this.#clientGone) return
    const deliver = (isRepeat: boolean) => {
      if (!this.#isAlive()) return this.#endLater(unreachable('the server went away'))
      if (frame.kind === 'submit' && this.#faults().unary) this.#call(frame.submit, isRepeat)
      else if (this.#handle === undefined) this.#early.push(frame)
      else this.#handle.receive(frame)
    }
    this.#up(() => deliver(false))
    if (frame.kind === 'submit' && this.#random.chance(this.#faults().repeat)) this.#world.schedule(this.#delay() * 3, () => deliver(true))
  }

  /** The client sees it now; the server only after what is under way has arrived, and a while. */
  cut(message: string): void {
    if (this.#clientGone) return
    this.close()
    this.#world.schedule(0, () => this.#handler.ended(unreachable(message)))
  }

  close(): void {
    if (this.#clientGone) return
    this.#clientGone = true
    this.#forget()
    this.#up(() => {
      this.#serverGone = true
      if (this.#isAlive()) this.#handle?.close()
    })
  }

  /** The reply only stops retries, unless it refuses: the version moves by the stream (R1). Nobody waits for that of a repeat. */
  #call(submit: Submit, isRepeat: boolean): void {
    void this.#submitTo?.(submit).then((decision) => {
      if (isRepeat) return
      if (decision.kind === 'reject') this.#downward({ kind: 'reject', reject: decision.reject })
      if (decision.kind === 'failure') this.#endLater(new ConcordError(decision.error))
    })
  }

  /** The reader takes nothing for a while. */
  stall(ms: number): void {
    this.#stalledUntil = this.#world.now + ms
  }

  #wake(): void {
    const slow = this.#random.chance(0.2) ? this.#random.float() * this.#faults().slowMs : 0
    this.#world.schedule(Math.max(slow, this.#stalledUntil - this.#world.now), () => this.#pull())
  }

  #pull(): void {
    if (this.#handle === undefined || this.#serverGone || !this.#isAlive()) return
    const frames = this.#handle.pull(16 * 1024)
    for (const { value } of frames) this.#downward(value)
    const { ended } = this.#handle
    if (frames.length > 0) this.#wake()
    else if (ended !== undefined) this.#endLater(ended === 'done' ? unreachable('the server closed the session') : new ConcordError(ended))
  }

  #downward(frame: ServerFrame): void {
    const lost = this.#random.chance(this.#faults().glitch)
    const twice = this.#random.chance(this.#faults().glitch)
    // After a stall the way down is slow for a while, so that the client goes on submitting in a session that is over.
    const congestion = this.#world.now < this.#stalledUntil + 200 ? this.#random.float() * 400 : 0
    const isVersion = frame.kind === 'change' || frame.kind === 'ack' || frame.kind === 'composed'
    for (let copies = isVersion ? (lost ? 0 : twice ? 2 : 1) : 1; copies > 0; copies -= 1) {
      this.#downAt = Math.max(this.#downAt, this.#world.now + this.#delay() + congestion)
      this.#at(this.#downAt, () => this.#clientGone || this.#handler.message(frame))
    }
  }

  #up(run: () => void): void {
    this.#upAt = Math.max(this.#upAt, this.#world.now + this.#delay())
    this.#at(this.#upAt, run)
  }

  /** FIFO: a hair after what was sent before. */
  #at(time: number, run: () => void): void {
    this.#world.schedule(time - this.#world.now, run)
    this.#upAt += 1e-6
    this.#downAt += 1e-6
  }

  #endLater(error: ConcordError): void {
    if (this.#serverGone) return
    this.#serverGone = true
    this.#downAt = Math.max(this.#downAt, this.#world.now + this.#delay())
    this.#at(this.#downAt, () => {
      if (this.#clientGone) return
      this.#clientGone = true
      this.#forget()
      this.#handler.ended(error)
    })
  }

  #delay(): number {
    return this.#faults().delayMs * (0.5 + this.#random.float())
  }
}

/** The identity of a user in the tests' tenant. */
export function identityOf(userId: string): Identity {
  return { kind: 'identity', tenant: 'local', userId, name: userId, audience: 'concord', expiresAt: Number.MAX_SAFE_INTEGER }
}

