import type { AuthFailure, Authenticator, Identity } from '@concord/server/ports'

/** The tenant of everything simulated. */
export const TENANT = 'local'

/** The identity of a user. @param expiresAt milliseconds since 1970 */
export function identityOf(userId: string, expiresAt: number = Number.MAX_SAFE_INTEGER): Identity {
  return { kind: 'identity', tenant: TENANT, userId, name: userId, audience: 'concord', expiresAt }
}

/** A token that {@link SimAuthenticator} takes: `user:ada`, or `user:ada until 1700000060000`. */
export function tokenOf(userId: string, expiresAt?: number): string {
  return expiresAt === undefined ? `user:${userId}` : `user:${userId} until ${expiresAt}`
}

/**
 * Reads tokens instead of verifying them. While its keys are away it knows the tokens that it has seen and refuses the
 * others, as the real one does when a key set cannot be fetched.
 */
export class SimAuthenticator implements Authenticator {
  readonly #seen = new Set<string>()
  readonly #hasKeys: () => boolean

  constructor(hasKeys: () => boolean) {
    this.#hasKeys = hasKeys
  }

  async verify(token: string, now: number): Promise<Identity | AuthFailure> {
    if (token === '') return { kind: 'failure', reason: 'TOKEN_MISSING', message: 'send a token as `authorization: Bearer`' }
    const parts = TOKEN.exec(token)
    if (parts === null || (!this.#hasKeys() && !this.#seen.has(token))) {
      return { kind: 'failure', reason: 'TOKEN_INVALID', message: 'the token is not one for this server: get a new one' }
    }
    this.#seen.add(token)
    const identity = identityOf(parts[1]!, parts[2] === undefined ? undefined : Number(parts[2]))
    if (identity.expiresAt > now) return identity
    return { kind: 'failure', reason: 'TOKEN_EXPIRED', message: 'the token has expired: get a new one' }
  }
}

const TOKEN = /^user:([A-Za-z0-9][A-Za-z0-9._@:+/-]{0,127})(?: until (\d+))?$/
