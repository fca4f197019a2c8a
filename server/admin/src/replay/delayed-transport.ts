import type { Channel, ChannelHandler, PresenceOpen, Transport } from '@concord/client'
import type { ClientFrame, ClientPresence, Open, ServerFrame, ServerPresence } from '@concord/protocol'
import type { Clock, Timers } from '@concord/runtime'
import type { Latencies } from './latencies.ts'
import type { Seeded } from './seeded.ts'

export interface Network {
  /** Mean one-way delay in milliseconds; each message takes from half to one and a half of it, in order. 0: none. */
  readonly delayMs: number
  readonly random: Seeded
  readonly clock: Clock
  readonly timers: Timers
  readonly latencies: Latencies
}

/** Puts a seeded delay before every message of a session, both ways, and times submits until they are acked and seen. */
export class DelayedTransport implements Transport {
  readonly #inner: Transport
  readonly #network: Network

  constructor(inner: Transport, network: Network) {
    this.#inner = inner
    this.#network = network
  }

  openSession(open: Open, handler: ChannelHandler<ServerFrame>): Channel<ClientFrame> {
    const { clock, latencies } = this.#network
    const sent = new Map<number, number>()
    const down = new Line(this.#network)
    const up = new Line(this.#network)
    const channel = this.#inner.openSession(open, {
      message: (frame) =>
        down.after(() => {
          handler.message(frame)
          observe(frame, sent, latencies, clock.monotonic())
        }),
      ended: (error) => down.after(() => handler.ended(error)),
    })
    return {
      send: (frame) => {
        if (frame.kind === 'submit') sent.set(frame.submit.seq, clock.monotonic())
        up.after(() => channel.send(frame))
      },
      close: () => {
        down.cut()
        up.cut()
        channel.close()
      },
    }
  }

  openPresence(open: PresenceOpen, handler: ChannelHandler<ServerPresence>): Channel<ClientPresence> {
    return this.#inner.openPresence(open, handler)
  }

  close(): void {
    this.#inner.close()
  }
}

function observe(frame: ServerFrame, sent: Map<number, number>, latencies: Latencies, now: number): void {
  if (frame.kind === 'change') latencies.seen(frame.change.version, now)
  if (frame.kind !== 'ack') return
  const left = sent.get(frame.ack.seq)
  // The next submit may have left already: a client sends it while it handles the ack.
  for (const seq of [...sent.keys()]) if (seq <= frame.ack.seq) sent.delete(seq)
  if (left !== undefined) latencies.acked(frame.ack.version, left, now)
}

/** One direction of a connection: messages keep their order, however their delays fall. */
class Line {
  readonly #network: Network
  /** In order; every timer delivers the oldest, because timers of one moment fire in any order. */
  readonly #waiting: (() => void)[] = []
  #free = 0

  constructor(network: Network) {
    this.#network = network
  }

  after(deliver: () => void): void {
    const { delayMs, random, clock, timers } = this.#network
    if (delayMs === 0) return deliver()
    const now = clock.monotonic()
    this.#free = Math.max(this.#free, now + delayMs * (0.5 + random.float()))
    this.#waiting.push(deliver)
    timers.set(this.#free - now, () => this.#waiting.shift()?.())
  }

  cut(): void {
    this.#waiting.length = 0
  }
}
