/** Tells who a token speaks for. Pure of I/O from the caller's view; jose is the adapter (its WebCrypto is a real async resource). */
export interface Authenticator {
  /** @param now milliseconds since 1970 */
  verify(token: string, now: number): Promise<Identity | AuthFailure>
}

export interface Identity {
  readonly kind: 'identity'
  readonly tenant: string
  readonly userId: string
  /** Display name for people. */
  readonly name: string
  /** `concord` for users; `concord-admin` for operators. */
  readonly audience: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface AuthFailure {
  readonly kind: 'failure'
  readonly reason: 'TOKEN_MISSING' | 'TOKEN_INVALID' | 'TOKEN_EXPIRED'
  /** For the caller; never says which check failed beyond the reason. */
  readonly message: string
}
