/**
 * 64-bit ids travel as `fixed64` and live in memory as 16 lowercase hexadecimal digits: they are map keys, go into logs
 * and JSON as they are, and comparing code units compares the numbers.
 */
export type Id64 = string

/** (epoch of assignment, counter), unique in the document for ever (rule R12). */
export type ClientId = Id64

/** Unique in the epoch (rule R2). */
export type SessionId = Id64

/** Content hash as the `hash` of a document text gives it. */
export type ContentHash = Id64

export const NO_ID: Id64 = '0000000000000000'

export function id64(high: number, low: number): Id64 {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0')
}

export function idToBigint(id: Id64): bigint {
  return BigInt('0x' + id)
}

export function idFromBigint(value: bigint): Id64 {
  return value.toString(16).padStart(16, '0')
}

export function isId64(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}
