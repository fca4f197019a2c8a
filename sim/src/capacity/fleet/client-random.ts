/**
 * A number in [0, 1) for (seed, client, count): a hash, so that nothing depends on the order in which clients draw. The
 * finalizer of MurmurHash3 (Appleby, public domain), twice.
 */
export function clientRandom(seed: number, client: number, count: number): number {
  return (mix(mix(seed ^ Math.imul(client, 0x9e3779b1)) ^ Math.imul(count + 1, 0x85ebca77)) >>> 0) / 2 ** 32
}

function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
