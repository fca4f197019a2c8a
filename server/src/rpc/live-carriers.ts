import type { WireError } from '@concord/protocol'

/** A stream or a socket that a shutdown must reach. */
export interface LiveCarrier {
  /** Ends it, after what was written. */
  end(error: WireError): void
}

/** Every open stream and socket. */
export class LiveCarriers {
  readonly #live = new Set<LiveCarrier>()
  readonly #waiting: (() => void)[] = []
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
    if (this.#live.size === 0) for (const tell of this.#waiting.splice(0)) tell()
  }

  whenEmpty(tell: () => void): void {
    if (this.#live.size === 0) tell()
    else this.#waiting.push(tell)
  }

  drain(): void {
    this.#draining = true
  }

  end(): void {
    for (const carrier of [...this.#live]) carrier.end(DRAINING)
  }
}

export const DRAINING: WireError = { reason: 'DRAINING', message: 'the server is shutting down: connect again', retryAfterMs: 1_000 }
