/** Bytes of an unsigned protobuf varint below 2^53. */
export function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length += 1
  return length
}

/** Writes it and returns the place after it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let place = at
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes[place++] = (rest % 128) | 128
  bytes[place++] = rest
  return place
}

/** The value at `at` and the place after it; `undefined` when it is cut off or needs more than 32 bits. */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0
  for (let place = at, factor = 1; place < bytes.length && place < at + 5; place += 1, factor *= 128) {
    const byte = bytes[place] ?? 0
    value += (byte & 127) * factor
    if (byte < 128) return value <= 0xffffffff ? { value, next: place + 1 } : undefined
  }
  return undefined
}
