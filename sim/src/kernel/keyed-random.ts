import type { Random } from '@concord/runtime'

/**
 * Randomness drawn by name: each (seed, name) is a stream of its own, so that removing one actor while shrinking leaves
 * what the others draw untouched. Not for secrets.
 */
export class KeyedRandom implements Random {
  readonly #key: number
  #counter = 0

  constructor(seed: number, name: string) {
    let key = mix(seed ^ 0x9e3779b9)
    for (let i = 0; i < name.length; i += 1) key = mix(key ^ name.charCodeAt(i))
    this.#key = key
  }

  float(): number {
    return this.#next() / 2 ** 32
  }

  /** A whole number from 0 to 2^32 - 1. */
  word(): number {
    return this.#next()
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() >>> 24)
  }

  /** A whole number from 0 to `below - 1`. */
  below(below: number): number {
    return Math.floor(this.float() * below)
  }

  chance(probability: number): boolean {
    return this.float() < probability
  }

  pick<T>(list: readonly T[]): T {
    const value = list[this.below(list.length)]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }

  #next(): number {
    this.#counter = (this.#counter + 0x6d2b79f5) | 0
    return mix(mix(this.#key ^ this.#counter) + this.#counter) >>> 0
  }
}

/** The finalizer of MurmurHash3 (Appleby, public domain): every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
