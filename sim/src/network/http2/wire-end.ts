import { Duplex } from 'node:stream'

/** Where an end of a wire puts what is written into it. */
export interface Outlet {
  /** @param taken to be called once more may be written */
  write(chunk: Uint8Array, taken: () => void): void
  /** Nothing more will be written. */
  end(): void
  /** The end is closed both ways. */
  closed(): void
}

/** One end of an in-memory connection, as Node's HTTP/2 takes it for a socket. */
export class WireEnd extends Duplex {
  /** Runs what arrives in the context of the process that holds this end. */
  within: (run: () => void) => void = (run) => run()
  readonly #outlet: Outlet

  constructor(outlet: Outlet) {
    super({ allowHalfOpen: false })
    this.#outlet = outlet
  }

  /** Bytes have arrived. The reader's own flow control bounds them: HTTP/2 grants its windows. */
  arrive(chunk: Uint8Array): void {
    if (!this.destroyed) this.within(() => this.push(chunk))
  }

  /** The other end has said everything. */
  arriveEnd(): void {
    if (!this.destroyed) this.within(() => this.push(null))
  }

  /** The connection broke, as a socket tells it. */
  break(code: 'ECONNRESET' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ENETUNREACH', message: string): void {
    if (!this.destroyed) this.within(() => this.destroy(Object.assign(new Error(`${code}: ${message}`), { code })))
  }

  override _read(): void {
    // What has arrived is pushed at once.
  }

  override _write(chunk: Uint8Array, _encoding: string, taken: () => void): void {
    this.#outlet.write(chunk, taken)
  }

  override _final(done: () => void): void {
    this.#outlet.end()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#outlet.closed()
    done(error)
  }
}
