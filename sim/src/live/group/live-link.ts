import { type Channel, type ChannelHandler, type PresenceOpen, type Transport, WebSocketTransport } from '@concord/client'
import { streams, watching } from '@concord/client/node'
import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence } from '@concord/protocol'
import type { Runtime } from '@concord/runtime'
import type { ActorLink } from '../../network/network.ts'
import type { LinkModel } from '../../plan/link-model.ts'
import type { FaultProxy } from '../proxy/fault-proxy.ts'

/** How an actor's frames travel. `calls`: submits by calls of their own, beside a `Watch`. */
export type Carrying = 'socket' | 'streams' | 'calls'

export interface LiveLinkParts {
  readonly proxy: FaultProxy
  readonly carrying: Carrying
  readonly token: () => Promise<string>
  readonly runtime: Runtime
  readonly observer: {
    sent(frame: ClientFrame): void
    received(frame: ServerFrame): void
    ended(reason: string): void
  }
}

const TRANSPORTS = {
  socket: (context) => new WebSocketTransport(context),
  streams: (context) => streams(context),
  calls: (context) => watching(context),
} satisfies Record<Carrying, (context: ConstructorParameters<typeof WebSocketTransport>[0]) => Transport>

/** An actor's network as it is: the SDK's own transport through a proxy, and somebody who looks at what passes. */
export class LiveLink implements ActorLink {
  readonly #parts: LiveLinkParts
  readonly #transport: Transport

  constructor(parts: LiveLinkParts) {
    this.#parts = parts
    const { proxy, token, runtime, carrying } = parts
    this.#transport = TRANSPORTS[carrying]({ url: proxy.url, token, runtime })
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const { observer } = this.#parts
    observer.sent({ kind: 'open', open })
    const channel = this.#transport.openSession(open, {
      message: (frame) => {
        observer.received(frame)
        handler.message(frame)
      },
      ended: (error) => {
        observer.ended(error.reason)
        handler.ended(error)
      },
    })
    return {
      send: (frame) => {
        observer.sent(frame)
        channel.send(frame)
      },
      close: () => channel.close(),
    }
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    return this.#transport.openPresence(open, handler)
  }

  cut(): void {
    this.#parts.proxy.cut()
  }

  down(): void {
    this.#parts.proxy.refuse()
  }

  hang(): void {
    this.#parts.proxy.hang()
  }

  restore(): void {
    this.#parts.proxy.restore()
  }

  stall(ms: number): void {
    this.#parts.proxy.stall(ms)
  }

  use(model: LinkModel): void {
    this.#parts.proxy.use(model)
  }

  close(): void {
    this.#transport.close()
  }
}
