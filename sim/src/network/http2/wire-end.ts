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
  /** At this instant, and not read yet. */
  #arrived: Uint8Array[] = []

  constructor(outlet: Outlet) {
    super({ allowHalfOpen: false })
    this.#outlet = outlet
  }

  /** Bytes have arrived: what does so at one instant is read in one go, as from a socket. HTTP/2's own windows bound it. */
  arrive(chunk: Uint8Array): void {
    if (this.destroyed) return
    this.#arrived.push(chunk)
    if (this.#arrived.length === 1) queueMicrotask(() => this.#read())
  }

  /** The other end has said everything. */
  arriveEnd(): void {
    this.#read()
    if (!this.destroyed) this.within(() => this.push(null))
  }

  /** The connection broke, as a socket tells it. */
  break(code: 'ECONNRESET' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ENETUNREACH', message: string): void {
    this.#read()
    if (!this.destroyed) this.within(() => this.destroy(Object.assign(new Error(`${code}: ${message}`), { code })))
  }

  #read(): void {
    const arrived = this.#arrived
    this.#arrived = []
    const [first] = arrived
    if (first !== undefined && !this.destroyed) this.within(() => this.push(arrived.length === 1 ? first : Buffer.concat(arrived)))
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
