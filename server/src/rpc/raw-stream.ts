import { Readable } from 'node:stream'
import { type DescMethod, fromBinary, toJsonString } from '@bufbuild/protobuf'
import type { WireError } from '@concord/protocol'
import { parseTimeout } from '@connectrpc/connect/protocol-connect'
import { parseTimeout as parseGrpcTimeout } from '@connectrpc/connect/protocol-grpc'
import type { UniversalHandler, UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol'
import type { Identity } from '../ports/index.ts'
import { isIdentity } from './admission.ts'
import { type CallInfo, callInfo, callValues, refusalLevel } from './call-info.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import { envelope, type Incoming, isFailure, type Opener, type Outgoing } from './channel.ts'
import { CORRELATION_HEADER, toConnectError, toWireError } from './error-map.ts'
import { DRAINING } from './live-carriers.ts'
import type { PumpedResponse } from './pumped-response.ts'
import { type Batch, readBatches } from './message-batches.ts'
import { type MessageReading, readMessages } from './read-messages.ts'
import { knownEncoding } from './request-messages.ts'
import { StreamPump } from './stream-pump.ts'
import { type StreamProtocol, streamProtocol } from './stream-protocol.ts'

/** One streaming method: how its messages read, and what it opens. */
export interface StreamMethod<M extends DescMethod, In extends Incoming> extends MessageReading<M, In> {
  readonly open: Opener<In>
  readonly notices: boolean
}

/**
 * Serves a streaming method without the stock path's cost per message. The stock handler still answers what it must
 * refuse (wrong verb, content type, HTTP version) and every refusal before the first byte, through its gate: so codes,
 * metadata and details are right in all three protocols. Never rejects.
 */
export function rawStream<M extends DescMethod, In extends Incoming>(stock: UniversalHandler, stream: StreamMethod<M, In>, deps: CarrierDeps): UniversalHandler {
  const handle = async (incoming: UniversalServerRequest): Promise<UniversalServerResponse> => {
    const request = { ...incoming, contextValues: incoming.contextValues ?? callValues('none', () => undefined) }
    const protocol = streamProtocol(request.header)
    const bidi = stream.method.methodKind === 'bidi_streaming'
    if (protocol === undefined || request.method !== 'POST' || (bidi && request.httpVersion.startsWith('1.'))) return stock(request)
    const call = callInfo(request.contextValues)
    const outcome = await new StreamCall(request, protocol, call, stream, deps).run().catch((thrown: unknown) => unexpected(thrown, call, deps))
    if (!('reason' in outcome)) return outcome
    deps.telemetry.log(refusalLevel(call), 'a stream was refused', { correlation: call.correlation, method: stock.requestPath, reason: outcome.reason })
    call.refusal = toConnectError(outcome, call.correlation)
    return stock(request)
  }
  const { service, method, requestPath, supportedContentType, protocolNames, allowedMethods } = stock
  return Object.assign(handle, { service, method, requestPath, supportedContentType, protocolNames, allowedMethods })
}

function unexpected(thrown: unknown, { correlation }: CallInfo, { telemetry }: CarrierDeps): WireError {
  const { error, cause } = toWireError(thrown)
  if (cause !== undefined) telemetry.log('error', 'a stream could not be opened', { correlation, cause: String(cause) })
  return error
}

class StreamCall<M extends DescMethod, In extends Incoming> {
  readonly #request: UniversalServerRequest
  readonly #protocol: StreamProtocol
  readonly #call: CallInfo
  readonly #stream: StreamMethod<M, In>
  readonly #deps: CarrierDeps
  /** Where batches go: to whoever waits for the first, then to the queue, then to the pump. */
  #take: (batch: Batch) => void = (batch) => void this.#queue.push(batch)
  readonly #queue: Batch[] = []

  constructor(request: UniversalServerRequest, protocol: StreamProtocol, call: CallInfo, stream: StreamMethod<M, In>, deps: CarrierDeps) {
    this.#request = request
    this.#protocol = protocol
    this.#call = call
    this.#stream = stream
    this.#deps = deps
  }

  async run(): Promise<UniversalServerResponse | WireError> {
    const { header } = this.#request
    const refused = this.#unfit() ?? (this.#deps.live.draining ? DRAINING : undefined)
    if (refused !== undefined) return refused
    const identity = await this.#deps.admission.admit(header)
    if (!isIdentity(identity)) return identity
    this.#call.identity = identity
    const first = await this.#first()
    if ('reason' in first) return first
    return this.#open(identity, first)
  }

  #unfit(): WireError | undefined {
    const { header } = this.#request
    if (this.#protocol.name === 'connect' && header.get('connect-protocol-version') !== '1') {
      return { reason: 'FRAME_MALFORMED', message: 'the header Connect-Protocol-Version: 1 is missing', field: 'connect-protocol-version' }
    }
    if (this.#timeout().error !== undefined) return { reason: 'FIELD_INVALID', message: 'the deadline cannot be read', field: this.#protocol.timeoutHeader }
    return knownEncoding(header.get(this.#protocol.encodingHeader))
  }

  #timeout(): { readonly timeoutMs?: number; readonly error?: unknown } {
    const value = this.#request.header.get(this.#protocol.timeoutHeader)
    const parse = this.#protocol.name === 'connect' ? parseTimeout : parseGrpcTimeout
    return parse(value, Number.MAX_SAFE_INTEGER)
  }

  /** The messages of the first chunk: one at least, within the limit of time. */
  async #first(): Promise<readonly In[] | WireError> {
    const { timers } = this.#deps.runtime
    const late: WireError = { reason: 'IDLE_TIMEOUT', message: 'the first message did not come in time' }
    const arrived = Promise.withResolvers<Batch>()
    const queue = this.#take
    const timer = timers.set(this.#deps.limits.firstMessageMs, () => arrived.resolve(late))
    this.#take = (batch) => {
      this.#take = queue
      arrived.resolve(batch)
    }
    this.#listen()
    const read = await arrived.promise
    timers.clear(timer)
    if (read === undefined) return { reason: 'FRAME_MALFORMED', message: 'the request holds no message' }
    return 'reason' in read ? read : this.#decode(read)
  }

  #listen(): void {
    const { header, body } = this.#request
    const source = this.#call.source ?? Readable.from(body as AsyncIterable<Uint8Array>)
    readBatches(source, this.#deps.limits.messageBytes, header.get(this.#protocol.encodingHeader) === 'gzip', (batch) => this.#take(batch))
  }

  #decode(payloads: readonly Uint8Array[]): readonly In[] | WireError {
    return readMessages(payloads, this.#stream, this.#protocol.binary)
  }

  async #open(identity: Identity, [first, ...others]: readonly In[]): Promise<UniversalServerResponse | WireError> {
    if (first === undefined) return { reason: 'FRAME_MALFORMED', message: 'the request holds no message' }
    const pump = new StreamPump<In>({
      deps: this.#deps,
      protocol: this.#protocol,
      correlation: this.#call.correlation,
      identity,
      encode: this.#protocol.binary ? enveloped : (outgoing) => this.#json(outgoing),
      notices: this.#stream.notices,
      open: async (wake) => {
        const opened = await this.#stream.open(identity, first, wake)
        return isFailure(opened) ? opened.error : opened
      },
    })
    const gone = (): void => pump.close()
    this.#request.signal.addEventListener('abort', gone, { once: true })
    const failure = await pump.start()
    if (failure !== undefined) return failure
    if (this.#request.signal.aborted) gone()
    for (const message of others) pump.receive(message)
    this.#take = (batch) => this.#receive(pump, batch)
    for (const batch of this.#queue.splice(0)) this.#receive(pump, batch)
    this.#watchDeadline(pump)
    const header = new Headers({ 'content-type': this.#protocol.contentType, [CORRELATION_HEADER]: this.#call.correlation })
    const response: PumpedResponse = { status: 200, header, pump }
    return response
  }

  /** Everything after the first message. */
  #receive(pump: StreamPump<In>, batch: Batch): void {
    const unary = this.#stream.method.methodKind === 'server_streaming'
    if (batch === undefined) return unary ? undefined : this.#halfClosed(pump)
    const messages = 'reason' in batch ? batch : this.#decode(batch)
    if ('reason' in messages) return pump.end(messages)
    if (unary) return pump.end({ reason: 'FRAME_MALFORMED', message: 'the request must hold one message' })
    for (const message of messages) pump.receive(message)
  }

  #halfClosed(pump: StreamPump<In>): void {
    const { runtime, limits } = this.#deps
    const { timers } = runtime
    const timer = timers.set(limits.halfClosedMs, () => pump.end('done'))
    this.#request.signal.addEventListener('abort', () => timers.clear(timer), { once: true })
  }

  #watchDeadline(pump: StreamPump<In>): void {
    const { timeoutMs } = this.#timeout()
    if (timeoutMs === undefined) return
    const { timers } = this.#deps.runtime
    const timer = timers.set(timeoutMs, () => pump.end({ reason: 'IDLE_TIMEOUT', message: 'the deadline of the call has passed' }))
    this.#request.signal.addEventListener('abort', () => timers.clear(timer), { once: true })
  }

  #json(outgoing: Outgoing): Uint8Array {
    const { output } = this.#stream.method
    return envelope(0, new TextEncoder().encode(toJsonString(output, fromBinary(output, outgoing.message()))))
  }
}

function enveloped(outgoing: Outgoing): Uint8Array {
  return outgoing.enveloped()
}
