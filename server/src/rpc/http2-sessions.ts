import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { EdgeLimits } from './edge-limits.ts'
import type { Swept, Sweeper } from './sweeper.ts'

/**
 * The HTTP/2 connections: pings that find dead peers, an end for those without streams, and the count a shutdown waits
 * for, because a server fed by `emit` knows none.
 */
export class Http2Sessions {
  readonly #limits: EdgeLimits
  readonly #sweeper: Sweeper
  readonly #open = new Set<Keeper>()

  constructor({ limits, sweeper }: { readonly limits: EdgeLimits; readonly sweeper: Sweeper }) {
    this.#limits = limits
    this.#sweeper = sweeper
  }

  add(session: ServerHttp2Session): void {
    const keeper = new Keeper(session, this.#limits, this.#sweeper.now)
    this.#open.add(keeper)
    this.#sweeper.add(keeper)
    session.on('error', () => session.destroy())
    session.once('close', () => {
      this.#open.delete(keeper)
      this.#sweeper.remove(keeper)
    })
  }

  close(): void {
    for (const { session } of this.#open) session.close()
  }

  destroy(): void {
    for (const { session } of this.#open) session.destroy()
  }
}

class Keeper implements Swept {
  readonly session: ServerHttp2Session
  readonly #limits: EdgeLimits
  #streams = 0
  /** When the last stream ended, or the connection began. */
  #idleSince: number
  #pingedAt: number
  #waiting = false
  #pings = 0

  constructor(session: ServerHttp2Session, limits: EdgeLimits, now: number) {
    this.session = session
    this.#limits = limits
    this.#idleSince = now
    this.#pingedAt = now
    session.on('stream', (stream) => this.#count(stream))
  }

  sweep(now: number): void {
    const { idleMs, pingMs, pongMs } = this.#limits
    if (this.#streams > 0) this.#idleSince = now
    if (now - this.#idleSince > idleMs) this.session.close()
    else if (this.#waiting && now - this.#pingedAt > pongMs) this.session.destroy()
    else if (!this.#waiting && now - this.#pingedAt > pingMs) this.#ping(now)
  }

  #count(stream: ServerHttp2Stream): void {
    this.#streams += 1
    stream.once('close', () => (this.#streams -= 1))
  }

  #ping(now: number): void {
    this.#pingedAt = now
    this.#pings += 1
    // Without a payload of ours Node would put its clock into it.
    const payload = Buffer.alloc(8)
    payload.writeUInt32BE(this.#pings >>> 0, 4)
    this.#waiting = this.session.ping(payload, () => (this.#waiting = false))
  }
}
