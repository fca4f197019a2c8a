/** CONCORD_SEED, or a fresh one. */
export function testSeed(): number {
  const given = process.env['CONCORD_SEED']
  return given === undefined ? Date.now() % 2 ** 31 : Number(given)
}

/** Integers below a bound: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c. */
export function seededRandom(seed: number): (bound: number) => number {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}
