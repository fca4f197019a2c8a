/** For programs in Node: sessions as bidirectional streams over HTTP/2 instead of a WebSocket. */
import type { ClientSessionOptions } from 'node:http2'
import type { Duplex } from 'node:stream'
import { createConnectTransport, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import type { Transport as Calls } from '@connectrpc/connect'
import type { TransportContext } from './client.ts'
import { StreamTransport } from './transport/stream-transport.ts'
import type { Transport } from './transport/transport.ts'
import { WatchTransport } from './transport/watch-transport.ts'
import { WholeAnswers } from './transport/whole-answers.ts'
import { authorizing } from './unary.ts'

/** A connection that does not answer a ping is given up: intervals of `limits.md`, in milliseconds. */
const PING = { pingIntervalMs: 25_000, pingTimeoutMs: 8_000 }

/** A `Duplex` of `node:stream`, by what it is known for: this package asks nobody for the types of Node. */
export interface ByteStream {
  readonly readable: boolean
  readonly writable: boolean
  write(chunk: Uint8Array): boolean
  destroy(error?: Error): unknown
}

export interface StreamsOptions {
  /** Makes the bytes' way to the server, as through a tunnel; a socket to the url when left out. */
  readonly createConnection?: (authority: URL) => ByteStream
}

/**
 * `connect({ url, token, transport: streams })`: every document is one stream, all on one HTTP/2 connection.
 */
export function streams(context: TransportContext, options: StreamsOptions = {}): Transport {
  const sessionManager = new Http2SessionManager(context.url, PING, sessionOptions(options))
  return new StreamTransport(connectCalls(context, sessionManager), () => sessionManager.abort())
}

/** Watch and Submit over one HTTP/2 connection, for networks that let no request go on while it is answered. */
export function watching(context: TransportContext, options: StreamsOptions = {}): Transport {
  const sessionManager = new WholeAnswers(context.url, PING, sessionOptions(options))
  const transport = new WatchTransport(connectCalls(context, sessionManager), context.runtime)
  return {
    openSession: (open, handler) => transport.openSession(open, handler),
    openPresence: (open, handler) => transport.openPresence(open, handler),
    close: () => {
      transport.close()
      sessionManager.abort()
    },
  }
}

/** Streams in the gRPC protocol, for networks that know only that. */
export function grpcStreams(context: TransportContext, options: StreamsOptions = {}): Transport {
  const sessionManager = new Http2SessionManager(context.url, PING, sessionOptions(options))
  const calls = createGrpcTransport({ baseUrl: context.url, sessionManager, interceptors: [authorizing(context.token)] })
  return new StreamTransport(calls, () => sessionManager.abort())
}

/** Calls in the Connect protocol on one HTTP/2 connection. */
function connectCalls({ url, token }: TransportContext, sessionManager: Http2SessionManager): Calls {
  return createConnectTransport({ baseUrl: url, httpVersion: '2', sessionManager, interceptors: [authorizing(token)] })
}

/** HTTP/2 of Node takes any duplex stream. */
function sessionOptions({ createConnection }: StreamsOptions): ClientSessionOptions {
  return createConnection === undefined ? {} : { createConnection: (authority) => createConnection(authority) as Duplex }
}
