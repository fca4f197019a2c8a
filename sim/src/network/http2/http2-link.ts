import type { Channel, ChannelHandler, PresenceOpen, Transport } from '@concord/client'
import { streams, watching } from '@concord/client/node'
import { create, toBinary } from '@bufbuild/protobuf'
import { SyncRequestSchema } from '@concord/proto'
import { type ClientFrame, type ClientPresence, clientFrameToProto, ENVELOPE_BYTES, type Open, type ServerFrame, type ServerPresence } from '@concord/protocol'
import type { Duplex } from 'node:stream'
import { tokenOf } from '../../fakes/sim-authenticator.ts'
import { eachAfterTurns } from '../../kernel/drain.ts'
import type { LinkModel } from '../../plan/link-model.ts'
import { SESSION } from '../channel-kind.ts'
import { Conditions } from '../conditions.ts'
import type { ActorLink, LinkParts, MakeLink } from '../network.ts'
import { Wire, type WireSet } from './wire.ts'
import { WireEnd } from './wire-end.ts'

/** Turns of the event loop that must pass without anything begun: HTTP/2 goes on by immediates of its own, native ones too. */
export const HTTP2_TURNS = 2

/** Share of what is received after which a slow reader leaves the rest lying. */
const SLOW_SHARE = 0.2

/**
 * Level http2 of one run: the SDK's own transport for Node over HTTP/2, on in-memory connections. Needs virtual time that
 * lets the event loop turn ({@link HTTP2_TURNS}) and a guard at its level http2.
 */
export class Http2Level {
  readonly #wires: WireSet = new Set()
  readonly link: MakeLink = (parts) => new Http2Link(parts, this.#wires)

  /** After the run, inside its guard: Node would keep every connection that is still open, and all that hangs on it. */
  async release(): Promise<void> {
    for (const wire of [...this.#wires]) wire.release()
    await eachAfterTurns(() => false, HTTP2_TURNS)
  }
}

class Http2Link implements ActorLink {
  readonly #parts: LinkParts
  readonly #conditions: Conditions
  readonly #transport: Transport
  readonly #wires = new Set<Wire>()
  /** The newest connection, the one that new calls go to. */
  #newest: Wire | undefined
  /** Generations whose death this link has asked to be told of, by node. */
  readonly #mourned = new Map<string, number>()
  readonly #level: WireSet
  #isDown = false

  constructor(parts: LinkParts, level: WireSet) {
    this.#level = level
    const { time, name, random, model, identity, unary } = parts
    this.#parts = parts
    this.#conditions = new Conditions(time, name, random, model)
    const token = tokenOf(identity.userId, identity.expiresAt === Number.MAX_SAFE_INTEGER ? undefined : identity.expiresAt)
    const context = { url: 'http://servers', token: async () => token, runtime: time.runtime(`transport ${name}`) }
    this.#transport = (unary ? watching : streams)(context, { createConnection: () => this.#connect() })
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const { observer } = this.#parts
    let node = ''
    let seen = 0
    const received = (frame: ServerFrame): void => {
      const wire = this.#newest
      if (frame.kind === 'opened') node = wire?.node.name ?? ''
      const bytes = Math.max(0, (wire?.received ?? 0) - seen)
      seen = wire?.received ?? 0
      observer.received(frame, node, bytes)
      handler.message(frame)
    }
    const channel = this.#transport.openSession(open, {
      message: (frame) => this.#glitched(frame, received),
      ended: (error) => {
        observer.ended(error.reason, node)
        handler.ended(error)
      },
    })
    observer.sent({ kind: 'open', open }, sizeOf({ kind: 'open', open }))
    return { send: (frame) => this.#send(channel, frame), close: () => channel.close() }
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    return this.#transport.openPresence(open, handler)
  }

  cut(): void {
    for (const wire of [...this.#wires]) wire.cut('the connection was cut')
  }

  down(): void {
    this.#isDown = true
    this.cut()
  }

  hang(): void {
    this.#conditions.hung = true
  }

  restore(): void {
    this.#isDown = false
    this.#conditions.hung = false
  }

  stall(ms: number): void {
    this.#conditions.stalledUntil = this.#parts.time.now + ms
  }

  use(model: LinkModel): void {
    this.#conditions.model = model
  }

  close(): void {
    this.#transport.close()
  }

  /** Calls are repeated by the SDK alone, when their answers are lost: it would take the answer of another copy for its own. */
  #send(channel: Channel<ClientFrame>, frame: ClientFrame): void {
    const { random, model } = this.#conditions
    this.#parts.observer.sent(frame, sizeOf(frame))
    channel.send(frame)
    if (!this.#parts.unary && model.repeat > 0 && SESSION.isSubmit(frame) && random.chance(model.repeat)) this.#conditions.schedule(this.#conditions.delay() * 3, () => channel.send(frame))
  }

  /** A frame that the network lost, doubled, or let lie for a while with all that come after it. */
  #glitched(frame: ServerFrame, received: (frame: ServerFrame) => void): void {
    const { random, model } = this.#conditions
    if (model.slowReadMs > 0 && random.chance(SLOW_SHARE)) this.stall(random.float() * model.slowReadMs)
    const [lost, twice] = model.glitch > 0 && SESSION.mayGlitch(frame) ? [random.chance(model.glitch), random.chance(model.glitch)] : [false, false]
    if (lost) return
    received(frame)
    if (twice) received(frame)
  }

  #connect(): Duplex {
    const node = this.#isDown ? undefined : this.#parts.route()
    if (node === undefined) return this.#unreachable()
    const wire = new Wire(this.#parts, this.#conditions, node, (over) => this.#wires.delete(over), this.#level)
    this.#wires.add(wire)
    this.#newest = wire
    this.#mourn(node.name, wire)
    return wire.client
  }

  /** Nobody answers: known at once without a network, and one delay later when the other side refuses. */
  #unreachable(): Duplex {
    const end = new WireEnd({ write: () => undefined, end: () => undefined, closed: () => undefined })
    if (this.#isDown) this.#conditions.schedule(0, () => end.break('ENETUNREACH', 'the network is down'))
    else this.#conditions.schedule(this.#conditions.delay(), () => end.break('ECONNREFUSED', 'no server can be reached'))
    return end
  }

  /** Asked once per generation, however often this link connects. */
  #mourn(name: string, { node, generation }: Wire): void {
    if (node.hubs === undefined || this.#mourned.get(name) === generation) return
    this.#mourned.set(name, generation)
    node.onDeath(() => {
      for (const wire of [...this.#wires]) if (wire.node === node && wire.generation === generation) wire.serverDied()
    })
  }
}

/** Bytes of a frame in its envelope; what HTTP/2 adds is not known when it is said. */
function sizeOf(frame: ClientFrame): number {
  return ENVELOPE_BYTES + toBinary(SyncRequestSchema, create(SyncRequestSchema, { frame: clientFrameToProto(frame) })).length
}
