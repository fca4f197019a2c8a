import { type DescMessage, fromBinary, fromJsonString } from '@bufbuild/protobuf'
import type { WireError } from '@concord/protocol'
import { parseContentType as parseConnect } from '@connectrpc/connect/protocol-connect'
import { parseContentType as parseGrpc } from '@connectrpc/connect/protocol-grpc'
import { parseContentType as parseGrpcWeb } from '@connectrpc/connect/protocol-grpc-web'
import { createAsyncIterable, type UniversalHandler, type UniversalServerRequest, type UniversalServerResponse } from '@connectrpc/connect/protocol'
import { isIdentity } from './admission.ts'
import { type CallInfo, callInfo, callValues, refusalLevel } from './call-info.ts'
import type { CarrierDeps } from './carrier-deps.ts'
import { envelope } from './channel.ts'
import { tooLarge } from './envelope-reader.ts'
import { toConnectError } from './error-map.ts'
import { gunzip, knownEncoding, RequestMessages } from './request-messages.ts'

/** Who may call a method, and whether its one message is read before it runs. */
export interface Guard {
  readonly isPublic: boolean
}

/** How a unary request carries its message. */
interface Shape {
  readonly enveloped: boolean
  readonly binary: boolean
  readonly encodingHeader: string
}

/**
 * A stock handler behind our own admission. Its message is read and parsed here first, within limits, because the stock
 * one answers bytes that are no message with INTERNAL and nothing can change that later.
 */
export function guardedCall(stock: UniversalHandler, guard: Guard, deps: CarrierDeps): UniversalHandler {
  const handle = async (incoming: UniversalServerRequest): Promise<UniversalServerResponse> => {
    const request = { ...incoming, contextValues: incoming.contextValues ?? callValues('none', () => undefined) }
    const call = callInfo(request.contextValues)
    const checked = await check(request, stock, guard, call, deps)
    if (checked === undefined) return stock(request)
    if (!('reason' in checked)) return stock({ ...request, body: createAsyncIterable([checked]) })
    deps.telemetry.log(refusalLevel(call), 'a call was refused', { correlation: call.correlation, method: stock.requestPath, reason: checked.reason })
    call.refusal = toConnectError(checked, call.correlation)
    return stock(request)
  }
  const { service, method, requestPath, supportedContentType, protocolNames, allowedMethods } = stock
  return Object.assign(handle, { service, method, requestPath, supportedContentType, protocolNames, allowedMethods })
}

/** The body to hand on, a refusal, or nothing to add. */
async function check(request: UniversalServerRequest, stock: UniversalHandler, guard: Guard, call: CallInfo, deps: CarrierDeps): Promise<Uint8Array | WireError | undefined> {
  const identity = guard.isPublic ? deps.admission.origin(request.header) : await deps.admission.admit(request.header)
  if (identity !== undefined && !isIdentity(identity)) return identity
  call.identity = identity
  const shape = unaryShape(request.header)
  if (shape === undefined || stock.method.methodKind !== 'unary' || request.method !== 'POST') return undefined
  const unfit = knownEncoding(request.header.get(shape.encodingHeader)) ?? missingVersion(request.header, shape)
  if (unfit !== undefined) return unfit
  const message = await inTime(() => readMessage(request, shape, deps.limits.messageBytes), deps)
  if ('reason' in message) return message
  const unreadable = parse(stock.method.input, message, shape.binary)
  if (unreadable !== undefined) return unreadable
  request.header.delete(shape.encodingHeader)
  if (shape.enveloped) return envelope(0, message)
  request.header.set('content-length', String(message.length))
  return message
}

function unaryShape(header: Headers): Shape | undefined {
  const contentType = header.get('content-type') ?? ''
  const connect = parseConnect(contentType)
  if (connect !== undefined) return connect.stream ? undefined : { enveloped: false, binary: connect.binary, encodingHeader: 'content-encoding' }
  const grpc = parseGrpc(contentType) ?? parseGrpcWeb(contentType)
  return grpc === undefined ? undefined : { enveloped: true, binary: grpc.binary, encodingHeader: 'grpc-encoding' }
}

function missingVersion(header: Headers, { enveloped }: Shape): WireError | undefined {
  if (enveloped || header.get('connect-protocol-version') === '1') return undefined
  return { reason: 'FRAME_MALFORMED', message: 'the header Connect-Protocol-Version: 1 is missing', field: 'connect-protocol-version' }
}

async function inTime(read: () => Promise<Uint8Array | WireError>, { runtime, limits }: CarrierDeps): Promise<Uint8Array | WireError> {
  const late = Promise.withResolvers<WireError>()
  const timer = runtime.timers.set(limits.requestMs, () => late.resolve({ reason: 'IDLE_TIMEOUT', message: 'the request did not arrive in time' }))
  const cutOff: WireError = { reason: 'FRAME_MALFORMED', message: 'the request was cut off' }
  const result = await Promise.race([read().catch(() => cutOff), late.promise])
  runtime.timers.clear(timer)
  return result
}

async function readMessage(request: UniversalServerRequest, shape: Shape, maxBytes: number): Promise<Uint8Array | WireError> {
  const body = request.body as AsyncIterable<Uint8Array>
  const encoding = request.header.get(shape.encodingHeader)
  if (shape.enveloped) return onlyMessage(new RequestMessages(body, maxBytes, encoding))
  if (Number(request.header.get('content-length')) > maxBytes) return tooLarge(maxBytes)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of { [Symbol.asyncIterator]: () => unclosed(body[Symbol.asyncIterator]()) }) {
    size += chunk.length
    if (size > maxBytes) return tooLarge(maxBytes)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks, size)
  return encoding === 'gzip' ? gunzip(bytes, maxBytes) : bytes
}

/** Leaving a loop over a Node request destroys it, and with it the connection the refusal must travel on. */
function unclosed(iterator: AsyncIterator<Uint8Array>): AsyncIterator<Uint8Array> {
  return { next: () => iterator.next() }
}

async function onlyMessage(messages: RequestMessages): Promise<Uint8Array | WireError> {
  const all: Uint8Array[] = []
  for (let read = await messages.read(); read !== undefined; read = await messages.read()) {
    if ('reason' in read) return read
    all.push(...read)
    if (all.length > 1) break
  }
  const [only] = all
  return only === undefined || all.length > 1 ? { reason: 'FRAME_MALFORMED', message: 'the request must hold one message' } : only
}

function parse(input: DescMessage, message: Uint8Array, binary: boolean): WireError | undefined {
  try {
    if (binary) fromBinary(input, message)
    else fromJsonString(input, new TextDecoder('utf-8', { fatal: true }).decode(message), { ignoreUnknownFields: true })
    return undefined
  } catch {
    return { reason: 'FRAME_MALFORMED', message: `the bytes are no ${input.typeName}` }
  }
}
