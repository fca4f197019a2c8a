import { type Change, encodeChange, encodeEnvelopedServerFrame, ENVELOPE_BYTES, type ServerFrame } from '@concord/protocol'
import type { FrameFactory, SharedFrame } from '../core/carrier.ts'

/** The codec's two halves of one promise: a change is encoded once, and the log and every reader get those bytes. */
export interface FrameCodec {
  readonly frame: FrameFactory
  /** Bytes of a change for the log; the frame made of the same change value reuses them. */
  changeBytes(change: Change): Uint8Array
}

export function createFrameCodec(): FrameCodec {
  const encoded = new WeakMap<Change, Uint8Array>()
  const changeBytes = (change: Change): Uint8Array => {
    const known = encoded.get(change)
    if (known !== undefined) return known
    const bytes = encodeChange(change)
    encoded.set(change, bytes)
    return bytes
  }
  const frame = (value: ServerFrame): SharedFrame => new LazyFrame(value, changeBytes)
  return { frame, changeBytes }
}

class LazyFrame implements SharedFrame {
  readonly value: ServerFrame
  readonly #changeBytes: (change: Change) => Uint8Array
  #enveloped: Uint8Array | undefined
  #message: Uint8Array | undefined

  constructor(value: ServerFrame, changeBytes: (change: Change) => Uint8Array) {
    this.value = value
    this.#changeBytes = changeBytes
  }

  enveloped(): Uint8Array {
    const { value } = this
    this.#enveloped ??= encodeEnvelopedServerFrame(value, value.kind === 'change' ? this.#changeBytes(value.change) : undefined)
    return this.#enveloped
  }

  message(): Uint8Array {
    this.#message ??= this.enveloped().subarray(ENVELOPE_BYTES)
    return this.#message
  }
}
