import { createLocalJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, type JSONWebKeySet } from 'jose'
import type { AuthFailure, Authenticator, Identity } from '../../ports/index.ts'

/** Audiences: users, and operators. */
export const USER_AUDIENCE = 'concord'
export const ADMIN_AUDIENCE = 'concord-admin'

/** What a token must say. Values are compared; a claim that is merely present proves nothing. */
export interface TokenRules {
  readonly issuer: string
  /** Header `typ`, `at+jwt` of RFC 9068 unless a provider says otherwise. */
  readonly type: string
  /** The only algorithms; a token cannot choose. */
  readonly algorithms: readonly string[]
  /** Claim with the tenant; the only place a tenant comes from. */
  readonly tenantClaim: string
}

const MAX_TOKEN = 8 * 1024
const NAMES = /^[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}$/
const TENANTS = /^[a-z0-9][a-z0-9-]{0,62}$/
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Verifies tokens with jose. `jku` and keys inside a token are ignored: keys come from `keys` alone. */
export class JoseAuthenticator implements Authenticator {
  readonly #keys: JWTVerifyGetKey | Uint8Array
  readonly #rules: TokenRules

  constructor(keys: JWTVerifyGetKey | Uint8Array, rules: TokenRules) {
    this.#keys = keys
    this.#rules = rules
  }

  async verify(token: string, now: number): Promise<Identity | AuthFailure> {
    if (token === '') return { kind: 'failure', reason: 'TOKEN_MISSING', message: 'send a token as `authorization: Bearer`' }
    if (token.length > MAX_TOKEN) return INVALID
    try {
      const { payload } = await this.#verified(token, now)
      return identityOf(payload, this.#rules)
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'failure', reason: 'TOKEN_EXPIRED', message: 'the token has expired: get a new one' }
      return INVALID
    }
  }

  #verified(token: string, now: number): Promise<{ readonly payload: JWTPayload }> {
    const { issuer, type, algorithms } = this.#rules
    const options = {
      issuer,
      typ: type,
      algorithms: [...algorithms],
      audience: [USER_AUDIENCE, ADMIN_AUDIENCE],
      requiredClaims: ['exp', 'sub', 'aud', 'iss'],
      currentDate: new Date(now),
    }
    return typeof this.#keys === 'function' ? jwtVerify(token, this.#keys, options) : jwtVerify(token, this.#keys, options)
  }
}

const INVALID: AuthFailure = Object.freeze({ kind: 'failure', reason: 'TOKEN_INVALID', message: 'the token is not one for this server: get a new one' })

function identityOf(payload: JWTPayload, { tenantClaim }: TokenRules): Identity | AuthFailure {
  const { sub, exp } = payload
  const tenant = payload[tenantClaim]
  if (sub === undefined || !NAMES.test(sub) || typeof tenant !== 'string' || !TENANTS.test(tenant) || exp === undefined) return INVALID
  const name = typeof payload['name'] === 'string' ? payload['name'].replace(HIDDEN, '').slice(0, 100) : ''
  const audiences = typeof payload.aud === 'string' ? [payload.aud] : (payload.aud ?? [])
  const audience = audiences.includes(ADMIN_AUDIENCE) ? ADMIN_AUDIENCE : USER_AUDIENCE
  return { kind: 'identity', tenant, userId: sub, name: name === '' ? sub : name, audience, expiresAt: exp * 1000 }
}

/** Keys of a file: a JSON Web Key Set with public keys. Throws when it is none. */
export function localKeys(text: string): JWTVerifyGetKey {
  const set = JSON.parse(text) as JSONWebKeySet
  if (set.keys.some((key) => key.kty === 'oct' || 'd' in key)) throw new TypeError('a key set for verification holds public keys alone')
  return createLocalJWKSet(set)
}
