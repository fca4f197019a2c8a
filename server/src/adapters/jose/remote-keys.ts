import type { Clock } from '@concord/runtime'
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'

const COOLDOWN_MS = 30_000
const TIMEOUT_MS = 5_000
const MAX_AGE_MS = 10 * 60_000

/**
 * Keys of an issuer's JWKS address, asked for at most once in 30 seconds whatever tokens name: jose keeps that pause
 * after an answer, this keeps it after a failure too, so that strangers' tokens cannot make us knock on a dead door.
 */
export function remoteKeys(url: URL, clock: Clock, fetcher: typeof fetch = fetch): JWTVerifyGetKey {
  let askedAt = Number.NEGATIVE_INFINITY
  const paced = (input: string, init: RequestInit): Promise<Response> => {
    const now = clock.monotonic()
    if (now - askedAt < COOLDOWN_MS) return Promise.reject(new Error('the keys were asked for a moment ago'))
    askedAt = now
    return fetcher(input, init)
  }
  return createRemoteJWKSet(url, { cooldownDuration: COOLDOWN_MS, timeoutDuration: TIMEOUT_MS, cacheMaxAge: MAX_AGE_MS, [customFetch]: paced })
}
