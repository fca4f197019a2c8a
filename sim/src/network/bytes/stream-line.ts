import { ConcordError, unreachable } from '@concord/client'
import { errorOf } from '@concord/client/testing'
import { Malformed, type WireError } from '@concord/protocol'
import { endStreamFlag, endStreamFromJson } from '@connectrpc/connect/protocol-connect'
import { envelope } from '@concord/server/rpc/channel'
import { EDGE_LIMITS } from '@concord/server/rpc/edge-limits'
import { type Envelope, EnvelopeReader } from '@concord/server/rpc/envelope-reader'
import { toConnectError } from '@concord/server/rpc/error-map'
import { streamProtocol } from '@concord/server/rpc/stream-protocol'
import type { Carrier, Downstream, Due, Line, Upstream } from '../line.ts'
import { sendPieces } from './pieces.ts'

/** The client takes messages of any size. */
const UNBOUNDED = 2 ** 31

/** How the messages of one method become bytes and come out of them again: the real codecs of both ends. */
export interface StreamCodec<In, Out> {
  encode(message: Out): Uint8Array
  /** At the server; what is no message is refused. */
  read(payloads: readonly Uint8Array[]): readonly Out[] | WireError
  /** At the client; undefined for a message this build does not know. */
  decode(payload: Uint8Array): In | Malformed | undefined
}

/** One bidi stream of Connect: enveloped protobuf each way, the end as Connect's last envelope. */
export class StreamLine<In, Out> implements Line<In, Out> {
  readonly #codec: StreamCodec<In, Out>
  readonly #atServer = new EnvelopeReader(EDGE_LIMITS.messageBytes)
  readonly #atClient = new EnvelopeReader(UNBOUNDED)

  constructor(codec: StreamCodec<In, Out>) {
    this.#codec = codec
  }

  up(message: Out, carrier: Carrier, upstream: Upstream<Out>): number {
    const bytes = envelope(0, this.#codec.encode(message))
    sendPieces(bytes, carrier, (piece) => this.#arrived(this.#atServer.push(piece), upstream))
    return bytes.length
  }

  again(message: Out, upstream: Upstream<Out>): void {
    this.#arrived(new EnvelopeReader(EDGE_LIMITS.messageBytes).push(envelope(0, this.#codec.encode(message))), upstream)
  }

  down(due: readonly Due<In>[], carrier: Carrier, downstream: Downstream<In>): void {
    const [first] = due
    const bytes = first !== undefined && due.length === 1 ? first.enveloped() : Buffer.concat(due.map((one) => one.enveloped()))
    sendPieces(bytes, carrier, (piece) => this.#came(this.#atClient.push(piece), downstream))
  }

  end(error: WireError | 'done', carrier: Carrier, downstream: Downstream<In>): void {
    const bytes = CONNECT.end(new Headers(), error === 'done' ? undefined : toConnectError(error))
    if (bytes === undefined) throw new Error('a Connect stream ends with an envelope')
    sendPieces(bytes, carrier, (piece) => this.#came(this.#atClient.push(piece), downstream))
  }

  #arrived(envelopes: readonly Envelope[] | WireError, upstream: Upstream<Out>): void {
    if ('reason' in envelopes) return upstream.failed(envelopes)
    if (envelopes.some(({ flags }) => flags !== 0)) throw new Error('clients of the simulator send neither compressed messages nor trailers')
    const messages = this.#codec.read(envelopes.map(({ payload }) => payload))
    if ('reason' in messages) return upstream.failed(messages)
    for (const message of messages) upstream.message(message)
  }

  #came(envelopes: readonly Envelope[] | WireError, downstream: Downstream<In>): void {
    if ('reason' in envelopes) return downstream.ended(new ConcordError(envelopes))
    for (const { flags, payload } of envelopes) {
      if (flags === endStreamFlag) return downstream.ended(endOf(payload))
      const message = this.#codec.decode(payload)
      if (message instanceof Malformed) return downstream.ended(unreachable(`the server sent a malformed message: ${message.message}`))
      if (message !== undefined) downstream.received(message, payload.length + PREFIX)
    }
  }
}

const PREFIX = 5

/** As the client's transport reads the end of a stream. */
function endOf(payload: Uint8Array): ConcordError {
  const { error } = endStreamFromJson(payload)
  return error === undefined ? unreachable('the server ended the stream') : errorOf(error)
}

const CONNECT = connectProtocol()

function connectProtocol() {
  const protocol = streamProtocol(new Headers({ 'content-type': 'application/connect+proto' }))
  if (protocol === undefined) throw new Error('the server knows Connect streams')
  return protocol
}
