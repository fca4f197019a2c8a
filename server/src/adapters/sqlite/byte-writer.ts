import { Buffer } from 'node:buffer'

/** What {@link ByteWriter.finish} hands over; the buffer may be longer than what was written. */
export interface Packed {
  readonly buffer: ArrayBuffer
  readonly length: number
}

/** Packs values into one buffer that goes to another thread without a copy. Read back by {@link ByteReader}. */
export class ByteWriter {
  #buffer: Buffer<ArrayBuffer>
  #length = 0

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** A safe integer from 0 up, seven bits a byte, the low ones first. */
  integer(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest > 0x7fffffff) {
      this.#buffer[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.#buffer[this.#length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#buffer[this.#length++] = rest
  }

  text(value: string): void {
    // Three bytes a code unit bound its UTF-8; up to 42 units the length then fits the one byte kept for it.
    if (value.length > 42) return this.bytes(Buffer.from(value, 'utf8'))
    this.#reserve(1 + value.length * 3)
    const size = this.#buffer.write(value, this.#length + 1, 'utf8')
    this.#buffer[this.#length] = size
    this.#length += 1 + size
  }

  bytes(value: Uint8Array): void {
    this.integer(value.length)
    this.#reserve(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  /** A view of what was written since `start`; good until the next write. */
  since(start: number): Uint8Array {
    return this.#buffer.subarray(start, this.#length)
  }

  /** Ends the writing: the buffer belongs to the caller. */
  finish(): Packed {
    return { buffer: this.#buffer.buffer, length: this.#length }
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + size))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}
