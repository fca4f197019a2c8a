/** Where time, timers and randomness enter: server, SDK and simulator share these types, and nothing else may reach for them. */

export interface Clock {
  /** Wall time in whole milliseconds since 1970, for what people and logs read. May jump. */
  now(): number
  /** Milliseconds since an arbitrary start; never goes back. For durations and deadlines. */
  monotonic(): number
}

/** Opaque: only the {@link Timers} that made it can read it. */
export type TimerHandle = { readonly __timer: unique symbol }

export interface Timers {
  /** Runs `callback` once, after at least `delayMs` milliseconds. */
  set(delayMs: number, callback: () => void): TimerHandle
  /** Does nothing when the timer has fired or was cleared. */
  clear(timer: TimerHandle): void
  /** Runs `callback` after the current turn, before any timer: the place to coalesce work that is due together. */
  soon(callback: () => void): void
}

export interface Random {
  /** Uniform in [0, 1). */
  float(): number
  /** `length` unpredictable bytes: session ids, nonces. Unpredictable in the system implementation, seeded in the simulator. */
  bytes(length: number): Uint8Array
}

/** The three together, as `connect()` and the server's `compose()` take them. */
export interface Runtime {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
}
