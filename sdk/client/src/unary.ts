import { type Client as ConnectClient, Code, ConnectError, createClient, type Interceptor, type Transport } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-web'
import type { DescService } from '@bufbuild/protobuf'
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '@concord/proto'
import { ERROR_DOMAIN, isReason, type Reason, reasonOfCode } from '@concord/protocol'
import { ConcordError, unreachable } from './concord-error.ts'

/** Puts the newest token on every call. */
export function authorizing(token: () => Promise<string>): Interceptor {
  return (next) => async (request) => {
    request.header.set('authorization', `Bearer ${await token()}`)
    return next(request)
  }
}

/** Calls over plain HTTP, from browsers and from Node. */
export function callsOf(url: string, token: () => Promise<string>): Transport {
  return createConnectTransport({ baseUrl: url, useBinaryFormat: true, interceptors: [authorizing(token)] })
}

/** A client of one service over HTTP, with the token on every call. */
export function serviceClient<S extends DescService>(service: S, url: string, token: () => Promise<string>): ConnectClient<S> {
  return createClient(service, callsOf(url, token))
}

/** The SDK's error for whatever a call threw. A code without our ErrorInfo comes from something in between. */
export function errorOf(thrown: unknown): ConcordError {
  if (thrown instanceof ConcordError) return thrown
  if (!(thrown instanceof ConnectError)) return unreachable('the call failed', thrown)
  const info = thrown.findDetails(ErrorInfoSchema).find((detail) => detail.domain === ERROR_DOMAIN)
  if (info === undefined && isOfTransport(thrown)) return unreachable(thrown.rawMessage, thrown)
  const reason: Reason = info !== undefined && isReason(info.reason) ? info.reason : reasonOfCode(thrown.code)
  const delay = thrown.findDetails(RetryInfoSchema)[0]?.retryDelay
  const field = thrown.findDetails(BadRequestSchema)[0]?.fieldViolations[0]?.field
  return new ConcordError(
    {
      reason,
      message: thrown.rawMessage,
      ...(delay === undefined ? {} : { retryAfterMs: Number(delay.seconds) * 1_000 + Math.ceil(delay.nanos / 1e6) }),
      ...(field === undefined ? {} : { field }),
      ...(info === undefined ? {} : { metadata: info.metadata }),
    },
    { cause: thrown },
  )
}

/** What Connect makes of a connection that broke; `Aborted` is a reset. */
const OF_TRANSPORT: ReadonlySet<Code> = new Set([Code.Canceled, Code.Unknown, Code.DeadlineExceeded, Code.Aborted, Code.Internal, Code.Unavailable])

function isOfTransport(error: ConnectError): boolean {
  return OF_TRANSPORT.has(error.code)
}
