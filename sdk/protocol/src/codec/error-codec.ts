import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { anyPack, anyUnpack, type Any } from '@bufbuild/protobuf/wkt'
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema, StatusSchema, type Status } from '@concord/proto'
import { type Code, ERROR_DOMAIN, REASONS, type Reason, type WireError } from '../errors.ts'

/** google.rpc.Code numbers. */
export const CODE_NUMBERS: Readonly<Record<Code, number>> = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
}

/** The failure as google.rpc.Status: ErrorInfo always, RetryInfo and BadRequest where they say something. */
export function statusToProto(error: WireError): Status {
  const info = create(ErrorInfoSchema, { reason: error.reason, domain: ERROR_DOMAIN, metadata: { ...error.metadata } })
  const details: Any[] = [anyPack(ErrorInfoSchema, info)]
  if (error.retryAfterMs !== undefined) details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: duration(error.retryAfterMs) })))
  if (error.field !== undefined && error.field !== '') {
    const violation = { field: error.field, description: error.message, reason: error.reason }
    details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations: [violation] })))
  }
  return create(StatusSchema, { code: CODE_NUMBERS[REASONS[error.reason].code], message: error.message, details })
}

/** The failure of a Status; one without our ErrorInfo gets the reason that fits its code best. */
export function statusFromProto(status: Status): WireError {
  const info = unpack(status.details, ErrorInfoSchema)
  const retry = unpack(status.details, RetryInfoSchema)
  const field = unpack(status.details, BadRequestSchema)?.fieldViolations[0]?.field
  const reason = info !== undefined && info.domain === ERROR_DOMAIN && isReason(info.reason) ? info.reason : reasonOfCode(status.code)
  const delay = retry?.retryDelay
  return {
    reason,
    message: status.message,
    ...(delay === undefined ? {} : { retryAfterMs: Number(delay.seconds) * 1000 + Math.ceil(delay.nanos / 1e6) }),
    ...(field === undefined ? {} : { field }),
    ...(info === undefined || Object.keys(info.metadata).length === 0 ? {} : { metadata: info.metadata }),
  }
}

export function encodeStatus(error: WireError): Uint8Array {
  return toBinary(StatusSchema, statusToProto(error))
}

export function decodeStatus(bytes: Uint8Array): WireError {
  return statusFromProto(fromBinary(StatusSchema, bytes))
}

export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text)
}

/** For errors of proxies and libraries in between, which carry a code alone. */
export function reasonOfCode(code: number): Reason {
  return FALLBACK.get(code) ?? 'INTERNAL'
}

const FALLBACK: ReadonlyMap<number, Reason> = new Map<number, Reason>([
  [1, 'OUTCOME_UNKNOWN'],
  [3, 'FIELD_INVALID'],
  [4, 'OUTCOME_UNKNOWN'],
  [5, 'DOCUMENT_NOT_FOUND'],
  [6, 'DOCUMENT_EXISTS'],
  [7, 'ROLE_REQUIRED'],
  [8, 'RATE_LIMITED'],
  [9, 'SESSION_UNKNOWN'],
  [10, 'OWNER_MOVED'],
  [11, 'VERSION_AHEAD'],
  [12, 'NOT_SERVED'],
  [14, 'OUTCOME_UNKNOWN'],
  [15, 'DATA_LOSS'],
  [16, 'TOKEN_INVALID'],
])

function duration(ms: number) {
  return { $typeName: 'google.protobuf.Duration' as const, seconds: BigInt(Math.floor(ms / 1000)), nanos: Math.round(ms % 1000) * 1_000_000 }
}

function unpack<S extends Parameters<typeof anyUnpack>[1]>(details: readonly Any[], schema: S) {
  for (const detail of details) {
    const message = anyUnpack(detail, schema)
    if (message !== undefined) return message as ReturnType<typeof create<S>>
  }
  return undefined
}
