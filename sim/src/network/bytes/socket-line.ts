import { ConcordError, unreachable } from '@concord/client'
import {
  decodeSocketClientMessage,
  decodeSocketServerMessage,
  encodeSocketClientMessage,
  encodeSocketServerMessage,
  Malformed,
  packRecords,
  SOCKET_CHANNEL,
  type SocketClientMessage,
  type SocketServerMessage,
  unpackRecords,
  type WireError,
} from '@concord/protocol'
import { malformed } from '@concord/server/rpc/channel'
import type { Carrier, Downstream, Due, Line, Upstream } from '../line.ts'
import { sendPieces } from './pieces.ts'

/** The first channel of a socket that is not its own. Sockets of the simulator carry one line each. */
const CHANNEL = SOCKET_CHANNEL + 1

/** What tells sessions from presence in a socket's records. */
export interface SocketCodec<In, Out> {
  wrap(message: Out): SocketClientMessage
  /** At the server; undefined for a record that belongs on no such channel. */
  unwrap(message: SocketClientMessage): Out | undefined
  payload(due: Due<In>): Uint8Array
  /** At the client; undefined for a record of another kind. */
  open(message: SocketServerMessage): In | undefined
}

/** Records with a channel number in WebSocket messages, which come whole: the framing below them is the library's. */
export class SocketLine<In, Out> implements Line<In, Out> {
  readonly #codec: SocketCodec<In, Out>

  constructor(codec: SocketCodec<In, Out>) {
    this.#codec = codec
  }

  up(message: Out, carrier: Carrier, upstream: Upstream<Out>): number {
    const bytes = this.#record(message)
    sendWhole(bytes, carrier, () => this.#arrived(bytes, upstream))
    return bytes.length
  }

  again(message: Out, upstream: Upstream<Out>): void {
    this.#arrived(this.#record(message), upstream)
  }

  down(due: readonly Due<In>[], carrier: Carrier, downstream: Downstream<In>): void {
    const bytes = packRecords(due.map((one) => ({ channel: CHANNEL, payload: this.#codec.payload(one) })))
    sendWhole(bytes, carrier, () => this.#came(bytes, downstream))
  }

  end(error: WireError | 'done', carrier: Carrier, downstream: Downstream<In>): void {
    if (error === 'done') return carrier.send(() => downstream.ended(unreachable('the socket was closed by the server or the network')), 0)
    const bytes = packRecords([{ channel: CHANNEL, payload: encodeSocketServerMessage({ kind: 'closed', error }) }])
    sendWhole(bytes, carrier, () => this.#came(bytes, downstream))
  }

  #record(message: Out): Uint8Array {
    return packRecords([{ channel: CHANNEL, payload: encodeSocketClientMessage(this.#codec.wrap(message)) }])
  }

  #arrived(bytes: Uint8Array, upstream: Upstream<Out>): void {
    const records = unpackRecords(bytes)
    if (records instanceof Malformed) return upstream.failed(malformed(records))
    for (const { payload } of records) {
      const message = decodeSocketClientMessage(payload)
      if (message instanceof Malformed) return upstream.failed(malformed(message))
      const content = this.#codec.unwrap(message)
      if (content === undefined) return upstream.failed({ reason: 'FRAME_MALFORMED', message: 'this channel carries something else', field: 'message' })
      upstream.message(content)
    }
  }

  #came(bytes: Uint8Array, downstream: Downstream<In>): void {
    const records = unpackRecords(bytes)
    if (records instanceof Malformed) return downstream.ended(unreachable(`the server sent a malformed message: ${records.message}`))
    for (const { payload } of records) {
      const message = decodeSocketServerMessage(payload)
      if (message instanceof Malformed) return downstream.ended(unreachable(`the server sent a malformed message: ${message.message}`))
      if (message?.kind === 'closed') return downstream.ended(new ConcordError(message.error))
      const content = message && this.#codec.open(message)
      if (content !== undefined) downstream.received(content, payload.length)
    }
  }
}

/** Calls back once the last piece is there. */
function sendWhole(bytes: Uint8Array, carrier: Carrier, arrive: () => void): void {
  let missing = bytes.length
  sendPieces(bytes, carrier, (piece) => {
    missing -= piece.length
    if (missing === 0) arrive()
  })
}
