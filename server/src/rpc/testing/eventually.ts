import { expect } from 'vitest'

/** Asks again until it fits. Generous, because no test may depend on speed. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 30_000 })
}
