import { Metadata, type ServiceError as GrpcError } from '@grpc/grpc-js'
import { type Advice, type Code, decodeStatus, type Reason, reasonOfCode, REASONS, type WireError } from '@concord/protocol'
import { Status } from './gen/google/rpc/status.ts'

/** A failed call: reason, code and advice from the platform's one table (`docs/errors.md`). */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly reason: Reason
  readonly code: Code
  /** `retry` the call, `refresh` the token, `resync` by opening again, or `stop`. */
  readonly advice: Advice
  readonly retryAfterMs: number | undefined

  constructor({ reason, message, retryAfterMs }: WireError, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
    this.code = REASONS[reason].code
    this.advice = REASONS[reason].advice
    this.retryAfterMs = retryAfterMs
  }
}

/** What grpc-js reports, with the details that the server put beside the code. */
export function fromGrpc(error: unknown): unknown {
  if (!isGrpcError(error)) return error
  const [details] = error.metadata.get('grpc-status-details-bin')
  const wire = details instanceof Uint8Array ? decodeStatus(details) : { reason: reasonOfCode(error.code), message: error.details }
  return new ServiceError(wire, { cause: error })
}

/** A refused operation, from the status in its decision. */
export function fromReject(status: Status | undefined): ServiceError {
  return new ServiceError(decodeStatus(Status.encode(status ?? Status.fromPartial({})).finish()))
}

function isGrpcError(error: unknown): error is GrpcError {
  return error instanceof Error && 'metadata' in error && error.metadata instanceof Metadata
}
