import type { WireError } from '@concord/protocol'

/** A stream or a socket that a shutdown must reach. */
export interface LiveCarrier {
  /** Tells the peer when to come back. */
  drain(reconnectAfterMs: number): void
  /** Ends it, after what was written. */
  end(error: WireError): void
}

/** Every open stream and socket. */
export class LiveCarriers {
  readonly #live = new Set<LiveCarrier>()
  #draining = false

  get size(): number {
    return this.#live.size
  }

  /** While draining, nothing new is opened. */
  get draining(): boolean {
    return this.#draining
  }

  add(carrier: LiveCarrier): void {
    this.#live.add(carrier)
  }

  remove(carrier: LiveCarrier): void {
    this.#live.delete(carrier)
  }

  /** Tells all, each its own moment spread over `windowMs`, so that they do not come back together. */
  drain(windowMs: number, chance: () => number): void {
    this.#draining = true
    for (const carrier of [...this.#live]) carrier.drain(Math.round(chance() * windowMs))
  }

  end(): void {
    for (const carrier of [...this.#live]) carrier.end(DRAINING)
  }
}

export const DRAINING: WireError = { reason: 'DRAINING', message: 'the server is shutting down: connect again', retryAfterMs: 1_000 }
