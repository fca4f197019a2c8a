import type { ConnectError } from '@connectrpc/connect'
import { endStreamFlag, endStreamToJson, parseContentType as parseConnect } from '@connectrpc/connect/protocol-connect'
import { grpcStatusOk, headerGrpcStatus, parseContentType as parseGrpc, setTrailerStatus } from '@connectrpc/connect/protocol-grpc'
import { parseContentType as parseGrpcWeb, trailerFlag, trailerSerialize } from '@connectrpc/connect/protocol-grpc-web'
import { envelope } from './channel.ts'

/** How one protocol says a stream of messages and its end. */
export interface StreamProtocol {
  readonly name: 'connect' | 'grpc' | 'grpc-web'
  readonly binary: boolean
  readonly contentType: string
  readonly encodingHeader: string
  readonly timeoutHeader: string
  /** The last bytes of the body; puts the status into `trailer` where the protocol has trailers. */
  end(trailer: Headers, error: ConnectError | undefined): Uint8Array | undefined
}

/** The protocol of a streaming request; `undefined` when the stock handler must refuse it. */
export function streamProtocol(header: Headers): StreamProtocol | undefined {
  const contentType = header.get('content-type') ?? ''
  const connect = parseConnect(contentType)
  if (connect?.stream === true) return protocol('connect', connect.binary, contentType)
  const grpc = parseGrpc(contentType)
  if (grpc !== undefined) return protocol('grpc', grpc.binary, contentType)
  const web = parseGrpcWeb(contentType)
  return web === undefined || web.text ? undefined : protocol('grpc-web', web.binary, contentType)
}

function protocol(name: StreamProtocol['name'], binary: boolean, contentType: string): StreamProtocol {
  const connect = name === 'connect'
  return {
    name,
    binary,
    contentType,
    encodingHeader: connect ? 'connect-content-encoding' : 'grpc-encoding',
    timeoutHeader: connect ? 'connect-timeout-ms' : 'grpc-timeout',
    end: ENDS[name],
  }
}

const ENDS: Readonly<Record<StreamProtocol['name'], StreamProtocol['end']>> = {
  connect: (trailer, error) => envelope(endStreamFlag, new TextEncoder().encode(JSON.stringify(endStreamToJson(trailer, error, undefined)))),
  grpc: (trailer, error) => {
    setStatus(trailer, error)
    return undefined
  },
  'grpc-web': (trailer, error) => {
    setStatus(trailer, error)
    return envelope(trailerFlag, trailerSerialize(trailer))
  },
}

function setStatus(trailer: Headers, error: ConnectError | undefined): void {
  if (error === undefined) trailer.set(headerGrpcStatus, grpcStatusOk)
  else setTrailerStatus(trailer, error)
}
