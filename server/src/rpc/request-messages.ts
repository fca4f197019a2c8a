import type { WireError } from '@concord/protocol'
import { compressionGzip } from '@connectrpc/connect-node'
import { Code, ConnectError } from '@connectrpc/connect'
import { type Envelope, EnvelopeReader, tooLarge } from './envelope-reader.ts'

const COMPRESSED = 1

/** Messages of a unary request's body, one chunk's worth at a time, inflated. */
export class RequestMessages {
  readonly #body: AsyncIterator<Uint8Array>
  readonly #reader: EnvelopeReader
  readonly #maxBytes: number
  readonly #gzip: boolean

  /** @param encoding the request's message encoding, checked by {@link knownEncoding} */
  constructor(body: AsyncIterable<Uint8Array>, maxBytes: number, encoding: string | null) {
    this.#body = body[Symbol.asyncIterator]()
    this.#reader = new EnvelopeReader(maxBytes)
    this.#maxBytes = maxBytes
    this.#gzip = encoding === 'gzip'
  }

  /** At least one message; `undefined` at the end of the request. Rejects when the peer is gone. */
  async read(): Promise<readonly Uint8Array[] | WireError | undefined> {
    for (;;) {
      const { done, value } = await this.#body.next()
      if (done === true) return this.#reader.partial ? { reason: 'FRAME_MALFORMED', message: 'the request ends within a message' } : undefined
      const envelopes = this.#reader.push(value)
      if ('reason' in envelopes) return envelopes
      if (envelopes.length > 0) return payloadsOf(envelopes, this.#maxBytes, this.#gzip)
    }
  }
}

/** What is in the envelopes, inflated where they say so. */
export async function payloadsOf(envelopes: readonly Envelope[], maxBytes: number, gzip: boolean): Promise<readonly Uint8Array[] | WireError> {
  const payloads: Uint8Array[] = []
  for (const { flags, payload } of envelopes) {
    if (flags === 0) payloads.push(payload)
    else if (flags !== COMPRESSED || !gzip) return { reason: 'FRAME_MALFORMED', message: `a message cannot have the flags ${flags} here` }
    else {
      const plain = await gunzip(payload, maxBytes)
      if ('reason' in plain) return plain
      payloads.push(plain)
    }
  }
  return payloads
}

/** Encodings of requests that the edge takes. */
export function knownEncoding(encoding: string | null): WireError | undefined {
  if (encoding === null || encoding === 'identity' || encoding === 'gzip') return undefined
  return { reason: 'NOT_SERVED', message: 'messages may be sent as they are or compressed with gzip' }
}

/** A bomb stops at the limit: no more than that is ever inflated. */
export async function gunzip(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array | WireError> {
  try {
    return await compressionGzip.decompress(bytes, maxBytes)
  } catch (error) {
    if (error instanceof ConnectError && error.code === Code.ResourceExhausted) return tooLarge(maxBytes)
    return { reason: 'FRAME_MALFORMED', message: 'a message is not what gzip makes' }
  }
}
