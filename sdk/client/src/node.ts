/** For programs in Node: sessions as bidirectional streams over HTTP/2 instead of a WebSocket. */
import { createConnectTransport, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import type { TransportContext } from './client.ts'
import { StreamTransport } from './transport/stream-transport.ts'
import type { Transport } from './transport/transport.ts'
import { authorizing } from './unary.ts'

/** A connection that does not answer a ping is given up: intervals of `limits.md`, in milliseconds. */
const PING = { pingIntervalMs: 25_000, pingTimeoutMs: 8_000 }

/**
 * `connect({ url, token, transport: streams })`: every document is one stream, all on one HTTP/2 connection.
 */
export function streams(context: TransportContext): Transport {
  const sessionManager = new Http2SessionManager(context.url, PING)
  const options = { baseUrl: context.url, httpVersion: '2' as const, sessionManager, interceptors: [authorizing(context.token)] }
  return new StreamTransport(createConnectTransport(options), () => sessionManager.abort())
}

/** The same in the gRPC protocol, for networks that know only that. */
export function grpcStreams(context: TransportContext): Transport {
  const sessionManager = new Http2SessionManager(context.url, PING)
  const options = { baseUrl: context.url, sessionManager, interceptors: [authorizing(context.token)] }
  return new StreamTransport(createGrpcTransport(options), () => sessionManager.abort())
}
