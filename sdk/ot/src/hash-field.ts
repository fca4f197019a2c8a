/**
 * Arithmetic of the content hash: integers modulo the Mersenne prime 2^31 - 1, exact in IEEE doubles (every intermediate
 * stays below 2^53), so no BigInt is needed. The definition for other languages is docs/content-hash.md.
 */
export const PRIME = 2147483647

const TWO_31 = 2147483648
const INVERSE_TWO_31 = 1 / TWO_31

/** `value` modulo PRIME, for an integer from 0 to 2^53 - 1: 2^31 is 1 in this field, so the high bits are added to the low ones. */
export function reduce(value: number): number {
  const high = Math.floor(value * INVERSE_TWO_31)
  const folded = value - high * TWO_31 + high
  return folded >= PRIME ? folded - PRIME : folded
}

/** The product of two field elements: 16 bits at a time, because a product of two 31-bit numbers does not fit a double. */
export function multiply(a: number, b: number): number {
  return reduce(reduce(a * (b >>> 16)) * 65536 + a * (b & 0xffff))
}

/** The sum of two field elements. */
export function add(a: number, b: number): number {
  const sum = a + b
  return sum >= PRIME ? sum - PRIME : sum
}

/** The difference of two field elements. */
export function subtract(a: number, b: number): number {
  return a >= b ? a - b : a - b + PRIME
}

/** `base` to the power of a whole number. */
export function power(base: number, exponent: number): number {
  let result = 1
  let square = base
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(result, square)
    square = multiply(square, square)
  }
  return result
}
