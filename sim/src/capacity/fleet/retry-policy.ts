/** When a client that lost its connection tries again. */
export type RetryPolicy =
  /** Full jitter: from [0, min(cap, base * 2^failures)), as `sdk/client/src/reconnect-gate.ts`. */
  | { readonly kind: 'full-jitter'; readonly baseMs: number; readonly capMs: number }
  /** base * 2^failures up to the cap, spread by a share of it either way. */
  | { readonly kind: 'exponential'; readonly baseMs: number; readonly capMs: number; readonly spread: number }
  /** Always after the same time, spread over a window: no backoff. */
  | { readonly kind: 'fixed'; readonly fromMs: number; readonly toMs: number }

/** The SDK's own. After five failures one document of a client tries for all of its documents, at the same delays. */
export const SDK_POLICY: RetryPolicy = { kind: 'full-jitter', baseMs: 500, capMs: 30_000 }

/** @param random in [0, 1) */
export function retryDelay(policy: RetryPolicy, failures: number, random: number): number {
  switch (policy.kind) {
    case 'full-jitter':
      return random * Math.min(policy.capMs, policy.baseMs * 2 ** failures)
    case 'exponential':
      return Math.min(policy.capMs, policy.baseMs * 2 ** failures) * (1 + policy.spread * (2 * random - 1))
    case 'fixed':
      return policy.fromMs + random * (policy.toMs - policy.fromMs)
  }
}
