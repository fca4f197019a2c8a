import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { JoseAuthenticator, type TokenRules, USER_AUDIENCE } from './jose-authenticator.ts'

/** What development tokens say. Nothing of this is accepted in production mode. */
const DEVELOPMENT_RULES: TokenRules = { issuer: 'concord-development', type: 'at+jwt', algorithms: ['HS256'], tenantClaim: 'tenant' }

/** The tenant of development. */
export const DEVELOPMENT_TENANT = 'local'

const FILE = 'development-secret'
const SECRET_BYTES = 32
const DEFAULT_LIFETIME_S = 15 * 60

/** The secret of a data folder, made when there is none: each folder has its own, readable by its owner alone. */
export function developmentSecret(dataFolder: string): Uint8Array {
  const file = join(dataFolder, FILE)
  mkdirSync(dataFolder, { recursive: true })
  try {
    writeFileSync(file, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const secret = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')
  if (secret.length !== SECRET_BYTES) throw new Error(`${file} is damaged: remove it, a new one is made at the next start`)
  return secret
}

export function developmentAuthenticator(secret: Uint8Array): JoseAuthenticator {
  return new JoseAuthenticator(secret, DEVELOPMENT_RULES)
}

export interface TokenRequest {
  /** User id. */
  readonly user: string
  /** Display name; the user id when left out. */
  readonly name?: string
  readonly audience?: string
  readonly tenant?: string
  /** Seconds it is good for; 15 minutes when left out. */
  readonly lifetimeSeconds?: number
}

/** Signs a token that a server on this data folder accepts in development mode. @param now milliseconds since 1970 */
export function issueToken(secret: Uint8Array, { user, name = user, audience = USER_AUDIENCE, tenant = DEVELOPMENT_TENANT, lifetimeSeconds = DEFAULT_LIFETIME_S }: TokenRequest, now: number): Promise<string> {
  const { issuer, type, tenantClaim } = DEVELOPMENT_RULES
  const issuedAt = Math.floor(now / 1000)
  return new SignJWT({ name, [tenantClaim]: tenant })
    .setProtectedHeader({ alg: 'HS256', typ: type })
    .setSubject(user)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(secret)
}
