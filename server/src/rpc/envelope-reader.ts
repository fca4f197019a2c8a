import type { WireError } from '@concord/protocol'

export interface Envelope {
  readonly flags: number
  readonly payload: Uint8Array
}

const PREFIX = 5

/** Cuts the bytes of a request into enveloped messages, and refuses by its prefix one that is too large. */
export class EnvelopeReader {
  readonly #maxBytes: number
  /** What has come of the next message; joined once it is complete, so that a peer that drips bytes costs no copies. */
  #held: Uint8Array[] = []
  #size = 0
  /** Bytes needed before anything can be done. */
  #needed = PREFIX

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** True within a message: the request must not end here. */
  get partial(): boolean {
    return this.#size > 0
  }

  /** The messages complete by now. At most one message and a chunk are held. */
  push(chunk: Uint8Array): readonly Envelope[] | WireError {
    if (chunk.length === 0) return []
    this.#held.push(chunk)
    this.#size += chunk.length
    return this.#size < this.#needed ? [] : this.#cut(this.#join())
  }

  #cut(bytes: Uint8Array): readonly Envelope[] | WireError {
    const complete: Envelope[] = []
    let at = 0
    this.#needed = PREFIX
    while (bytes.length - at >= PREFIX) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4).getUint32(0)
      if (length > this.#maxBytes) return tooLarge(this.#maxBytes)
      if (bytes.length - at < PREFIX + length) {
        this.#needed = PREFIX + length
        break
      }
      complete.push({ flags: bytes[at] ?? 0, payload: bytes.subarray(at + PREFIX, at + PREFIX + length) })
      at += PREFIX + length
    }
    this.#held = at === bytes.length ? [] : [bytes.subarray(at)]
    this.#size = bytes.length - at
    return complete
  }

  #join(): Uint8Array {
    const [only] = this.#held
    return only !== undefined && this.#held.length === 1 ? only : Buffer.concat(this.#held, this.#size)
  }
}

export function tooLarge(maxBytes: number): WireError {
  return { reason: 'FRAME_TOO_LARGE', message: `a message may hold ${maxBytes} bytes: split it`, metadata: { limit: String(maxBytes) } }
}
