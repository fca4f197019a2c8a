import { type Channel, type ChannelHandler, type PresenceOpen, unreachable } from '@concord/client'
import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence } from '@concord/protocol'
import type { LinkModel } from '../plan/link-model.ts'
import { type ChannelKind, PRESENCE, SESSION } from './channel-kind.ts'
import { Conditions } from './conditions.ts'
import { Connection } from './connection.ts'
import type { Line } from './line.ts'
import { LinkChannel, type Watcher } from './link-channel.ts'
import type { ActorLink, LinkParts, NodeSide } from './network.ts'

/** What a level puts on a path. A line may hold state: each channel gets its own. */
export interface Level {
  session(): Line<ServerFrame, ClientFrame>
  presence(): Line<ServerPresence, ClientPresence>
}

/** An actor's network under virtual time, on paths of our own: levels message and bytes. */
export class PathLink implements ActorLink {
  readonly #parts: LinkParts
  readonly #level: Level
  readonly #conditions: Conditions
  readonly #connections = new Set<Connection>()
  /** Generations whose death this link has asked to be told of, by node. */
  readonly #mourned = new Map<string, number>()
  #isDown = false

  constructor(parts: LinkParts, level: Level) {
    this.#parts = parts
    this.#level = level
    this.#conditions = new Conditions(parts.time, parts.name, parts.random, parts.model)
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const { observer } = this.#parts
    return this.#open(SESSION, this.#level.session(), { kind: 'open', open }, handler, (node) => ({
      sent: (frame, bytes) => observer.sent(frame, bytes),
      received: (frame, bytes) => observer.received(frame, node, bytes),
      ended: (reason) => observer.ended(reason, node),
    }))
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    return this.#open(PRESENCE, this.#level.presence(), open, handler, () => UNWATCHED)
  }

  cut(): void {
    for (const connection of [...this.#connections]) connection.cut('the connection was cut')
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
    for (const connection of [...this.#connections]) connection.close()
  }

  #open<In, Out>(kind: ChannelKind<In, Out>, line: Line<In, Out>, first: Out, handler: ChannelHandler<In>, watcherOf: (node: string) => Watcher<In, Out>): Channel<Out> {
    const node = this.#isDown ? undefined : this.#parts.route()
    if (node === undefined) return this.#refused(handler, watcherOf(''))
    const channel = new LinkChannel<In, Out>({ connection: this.#connection(node), kind, line, handler, watcher: watcherOf(node.name) })
    channel.send(first)
    return channel
  }

  /** Nobody answers: known at once without a network, and one delay later when the other side refuses. */
  #refused<In, Out>(handler: ChannelHandler<In>, watcher: Watcher<In, Out>): Channel<Out> {
    let over = false
    const message = this.#isDown ? 'the network is down' : 'no server can be reached'
    this.#conditions.schedule(this.#isDown ? 0 : this.#conditions.delay(), () => {
      if (over) return
      over = true
      watcher.ended('UNREACHABLE')
      handler.ended(unreachable(message))
    })
    return { send: () => undefined, close: () => void (over = true) }
  }

  /** The one that is there, when it goes where a new one would. That its server has died since is for it to find out. */
  #connection(node: NodeSide): Connection {
    for (const connection of this.#connections) if (connection.isUsable && connection.node === node) return connection
    const connection = new Connection(this.#parts, this.#conditions, node, (over) => this.#connections.delete(over))
    this.#connections.add(connection)
    this.#mourn(node)
    return connection
  }

  /** Asked once per generation, however often this link connects. */
  #mourn(node: NodeSide): void {
    const { generation } = node.process
    if (node.hubs === undefined || this.#mourned.get(node.name) === generation) return
    this.#mourned.set(node.name, generation)
    node.onDeath(() => {
      for (const connection of [...this.#connections]) if (connection.node === node && connection.generation === generation) connection.serverDied()
    })
  }
}

const UNWATCHED = { sent: () => undefined, received: () => undefined, ended: () => undefined }
