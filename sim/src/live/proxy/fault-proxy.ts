import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { systemRuntime, type TimerHandle } from '@concord/runtime'
import type { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { LinkModel } from '../../plan/link-model.ts'
import { type Direction, ProxyConditions } from './proxy-conditions.ts'
import { ProxyPipe } from './proxy-pipe.ts'

/** Connections that may wait to be accepted: a herd comes in one moment. */
const BACKLOG = 4_096

const LOOPBACK = '127.0.0.1'

export interface ProxyTarget {
  readonly host: string
  readonly port: number
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
  readonly up: ProxyPipe
  readonly down: ProxyPipe
}

/**
 * A TCP proxy on the loopback interface that does to bytes what a link model says, and breaks on demand. Faults may be
 * switched while connections are open; they hold for those and for new ones.
 */
export class FaultProxy {
  readonly #listener: Server
  readonly #target: ProxyTarget
  readonly #conditions: ProxyConditions
  readonly #pairs = new Set<Pair>()
  #isRefusing = false
  #stalled: TimerHandle | undefined

  private constructor(listener: Server, target: ProxyTarget, model: LinkModel, random: KeyedRandom) {
    this.#listener = listener
    this.#target = target
    this.#conditions = new ProxyConditions(model, random)
    listener.on('connection', (client) => this.#accept(client))
  }

  static async listen(target: ProxyTarget, model: LinkModel, random: KeyedRandom): Promise<FaultProxy> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true })
    const proxy = new FaultProxy(listener, target, model, random)
    listener.listen({ host: LOOPBACK, port: 0, backlog: BACKLOG })
    await once(listener, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.port}`
  }

  /** Connections that stand. */
  get connections(): number {
    return this.#pairs.size
  }

  /** Another model from now on; what is under way keeps its time. */
  use(model: LinkModel): void {
    this.#conditions.model = model
  }

  /** Every connection is reset: clients hear it now, the server after what was under way. */
  cut(): void {
    for (const pair of [...this.#pairs]) {
      pair.client.resetAndDestroy()
      pair.up.senderGone()
    }
  }

  /**
   * Cuts, and resets each new connection as soon as it stands, until {@link restore}. The port stays taken: given back, it
   * could be somebody else's by the time it is wanted again.
   */
  refuse(): void {
    this.#isRefusing = true
    this.cut()
  }

  /** Nothing passes and nobody is told: connections stand half-open, new ones too. */
  hang(): void {
    this.block('up', 'hang')
    this.block('down', 'hang')
  }

  /** Nothing passes in one direction. Each `why` is ended by itself. */
  block(direction: Direction, why: string): void {
    this.#conditions.block(direction, why)
  }

  unblock(direction: Direction, why: string): void {
    this.#conditions.unblock(direction, why)
    this.#pump()
  }

  /** The client's side takes nothing for `ms`. */
  stall(ms: number): void {
    if (this.#stalled !== undefined) systemRuntime.timers.clear(this.#stalled)
    this.block('down', 'stall')
    this.#stalled = systemRuntime.timers.set(ms, () => this.unblock('down', 'stall'))
  }

  /** Ends {@link hang} and {@link refuse}: what was held goes on, as after lost packets. */
  restore(): void {
    this.#isRefusing = false
    this.unblock('up', 'hang')
    this.unblock('down', 'hang')
  }

  /** Every fault ends, whatever its reason. */
  heal(): void {
    this.#isRefusing = false
    this.#conditions.unblockAll()
    this.#pump()
  }

  async close(): Promise<void> {
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    for (const { client, server } of [...this.#pairs]) {
      client.destroy()
      server.destroy()
    }
    await closed
  }

  #accept(client: Socket): void {
    // A socket that errs without a listener would end the process; what it means is seen by its pipe.
    client.on('error', ignore)
    if (this.#isRefusing) return void client.resetAndDestroy()
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true })
    server.on('error', ignore)
    const pair = { client, server, up: new ProxyPipe('up', client, server, this.#conditions), down: new ProxyPipe('down', server, client, this.#conditions) }
    this.#pairs.add(pair)
    let open = 2
    const closed = (): void => {
      open -= 1
      if (open === 0) this.#pairs.delete(pair)
    }
    client.on('close', closed)
    server.on('close', closed)
  }

  #pump(): void {
    for (const { up, down } of [...this.#pairs]) {
      up.pump()
      down.pump()
    }
  }
}

function ignore(): void {}
