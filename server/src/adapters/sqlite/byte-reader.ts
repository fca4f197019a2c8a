import { Buffer } from 'node:buffer'
import type { Packed } from './byte-writer.ts'

/** Reads what {@link ByteWriter} packed. Bytes come as views, without a copy. */
export class ByteReader {
  readonly #buffer: Buffer<ArrayBuffer>
  readonly #bytes: Uint8Array<ArrayBuffer>
  #at = 0

  constructor(packed: Packed) {
    this.#buffer = Buffer.from(packed.buffer, 0, packed.length)
    this.#bytes = new Uint8Array(packed.buffer, 0, packed.length)
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  integer(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('Packed bytes end inside an integer')
      if (byte < 128) return value + byte * scale
      value += (byte & 127) * scale
      scale *= 128
    }
  }

  text(): string {
    const start = this.#skip()
    return this.#buffer.toString('utf8', start, this.#at)
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const start = this.#skip()
    return this.#bytes.subarray(start, this.#at)
  }

  /** A view of what was read since `start`. */
  since(start: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(start, this.#at)
  }

  /** Steps over a length and as many bytes; returns where they begin. */
  #skip(): number {
    const length = this.integer()
    const start = this.#at
    this.#at += length
    if (this.#at > this.#bytes.length) throw new RangeError('Packed bytes end inside a value')
    return start
  }
}
