/** Bytes that are not what the contract says. A value, because peers send such things; the field names the place. */
export class Malformed {
  readonly kind = 'malformed'
  readonly field: string
  readonly message: string

  constructor(field: string, message: string) {
    this.field = field
    this.message = message
  }
}

/** Thrown inside a decoder and caught by {@link decoding}; never leaves this folder. */
class Stop extends Error {
  readonly malformed: Malformed

  constructor(malformed: Malformed) {
    super(malformed.message)
    this.malformed = malformed
  }
}

export function stop(field: string, message: string): never {
  throw new Stop(new Malformed(field, message))
}

/** Runs a decoder: what it stops at, and what protobuf itself refuses, comes back as a value. */
export function decoding<T>(decode: () => T): T | Malformed {
  try {
    return decode()
  } catch (error) {
    if (error instanceof Stop) return error.malformed
    return new Malformed('', error instanceof Error ? `not a message of this contract: ${error.message}` : 'not a message of this contract')
  }
}

/** A version, epoch or sequence number: int64 on the wire, a safe integer from 0 here. */
export function safe(value: bigint, field: string): number {
  if (value < 0n || value > 9007199254740991n) stop(field, `${field} must be a whole number from 0 to 2^53 - 1`)
  return Number(value)
}

export function required<T>(value: T | undefined, field: string): T {
  return value ?? stop(field, `${field} is missing`)
}
