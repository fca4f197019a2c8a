import type { Runtime, TimerHandle } from './ports.ts'

/** The real clock, timers and randomness, in browsers and in Node. */
export const systemRuntime: Runtime = {
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
  },
  timers: {
    set: (delayMs, callback) => setTimeout(callback, delayMs) as unknown as TimerHandle,
    clear: (timer) => clearTimeout(timer as unknown as Parameters<typeof clearTimeout>[0]),
    soon: (callback) => scheduleSoon(callback),
  },
  random: {
    float: () => Math.random(),
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  },
}

/** Node runs `setImmediate` after the I/O of one turn, which is what coalescing wants; browsers have no such call. */
const scheduleSoon: (callback: () => void) => void =
  typeof setImmediate === 'function' ? (callback) => void setImmediate(callback) : (callback) => void setTimeout(callback, 0)
