import type { ServerWork } from '../network.ts'

const PREFACE_BYTES = 24
const HEAD_BYTES = 9
const DATA = 0
const HEADERS = 1

/**
 * What the bytes that a client writes ask of the server's processor, frame by frame (RFC 9113, 4.1): a request opens, data
 * submits, the rest is small. Frames may begin and end anywhere in what is pushed.
 */
export class FrameWorks {
  readonly #head = new Uint8Array(HEAD_BYTES)
  #headBytes = 0
  /** Bytes that belong to no frame's head. */
  #skip = PREFACE_BYTES

  /** The frames that begin here. */
  push(chunk: Uint8Array): ServerWork[] {
    const works: ServerWork[] = []
    for (let at = 0; at < chunk.length; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      this.#head[this.#headBytes] = chunk[at] ?? 0
      this.#headBytes += 1
      at += 1
      if (this.#headBytes === HEAD_BYTES) works.push(this.#begin())
    }
    return works
  }

  #begin(): ServerWork {
    const [high = 0, middle = 0, low = 0, type] = this.#head
    this.#skip = (high << 16) | (middle << 8) | low
    this.#headBytes = 0
    if (type === DATA) return this.#skip > 0 ? 'submit' : 'frame'
    return type === HEADERS ? 'open' : 'frame'
  }
}
