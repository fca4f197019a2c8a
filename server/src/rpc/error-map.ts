import { Code, ConnectError } from '@connectrpc/connect'
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '@concord/proto'
import { anyUnpack } from '@bufbuild/protobuf/wkt'
import { CODE_NUMBERS, REASONS, statusToProto, type WireError } from '@concord/protocol'
import { StorageUnavailable } from '../ports/index.ts'
import { WireFailure } from './wire-failure.ts'

/** Header, trailer and log field by which an operator finds what happened to one call. */
export const CORRELATION_HEADER = 'x-request-id'

const DETAILS = [ErrorInfoSchema, RetryInfoSchema, BadRequestSchema] as const

/** The one map from a failure to what Connect, gRPC and gRPC-web put on the wire. */
export function toConnectError(error: WireError, correlation?: string): ConnectError {
  const metadata = correlation === undefined ? undefined : { [CORRELATION_HEADER]: correlation }
  const result = new ConnectError(error.message, CODE_NUMBERS[REASONS[error.reason].code] as Code, metadata)
  for (const detail of statusToProto(error).details) {
    for (const desc of DETAILS) {
      const value = anyUnpack(detail, desc)
      if (value !== undefined) result.details.push({ desc, value })
    }
  }
  return result
}

/**
 * What a method threw, as a failure of the closed list. Causes stay inside: `cause` is for the log alone.
 */
export function toWireError(thrown: unknown): { readonly error: WireError; readonly cause?: unknown } {
  if (thrown instanceof WireFailure) return { error: thrown.error }
  if (thrown instanceof StorageUnavailable) {
    return { error: { reason: 'STORAGE_UNAVAILABLE', message: 'the store does not answer; try again', retryAfterMs: 1_000 }, cause: thrown }
  }
  return { error: { reason: 'INTERNAL', message: `a fault of the server; its log has more under the id in ${CORRELATION_HEADER}` }, cause: thrown }
}
