/** Seeded randomness for tests: the same seed, the same cases, on every machine. */
export class Seeded {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** Uniform in [0, 1). Source: T. Ettinger, mulberry32 (public domain). */
  readonly float = (): number => {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let z = this.state
    z = Math.imul(z ^ (z >>> 15), z | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from 0 to `end - 1`. */
  int(end: number): number {
    return Math.floor(this.float() * end)
  }

  /** A whole number from 0 to `most`, both included. */
  upTo(most: number): number {
    return this.int(most + 1)
  }

  chance(probability: number): boolean {
    return this.float() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!
  }
}

/** `CONCORD_SEED`, or one that differs from run to run: whoever uses it prints it. */
export function testSeed(): number {
  const given = process.env['CONCORD_SEED']
  return given === undefined ? Date.now() % 1_000_000_007 : Number(given)
}
