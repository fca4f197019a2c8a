import { readFileSync } from 'node:fs'
import type { Clock } from '@concord/runtime'
import { developmentAuthenticator, developmentSecret, issueToken } from '../adapters/jose/development-tokens.ts'
import { JoseAuthenticator, localKeys } from '../adapters/jose/jose-authenticator.ts'
import { remoteKeys } from '../adapters/jose/remote-keys.ts'
import type { ServerConfig } from '../config.ts'
import type { Authenticator } from '../ports/index.ts'
import type { IssueToken } from '../rpc/http/dev-token.ts'
import { StartRefused } from './start-refused.ts'

export interface IdentityParts {
  readonly authenticator: Authenticator
  /** Development alone. */
  readonly issue?: IssueToken
}

/** Who checks tokens. A development secret never reaches a server in production mode: it does not even read the file. */
export function identityOf(config: ServerConfig, clock: Clock): IdentityParts {
  if (config.mode === 'production') return { authenticator: productionAuthenticator(config, clock) }
  const secret = developmentSecret(config.data)
  return { authenticator: developmentAuthenticator(secret), issue: (identity) => issueToken(secret, identity, clock.now()) }
}

function productionAuthenticator({ authIssuer, authType, authAlgorithms, authTenantClaim, authJwks, authKeys }: ServerConfig, clock: Clock): Authenticator {
  const keys = authJwks === undefined ? keysOfFile(authKeys) : remoteKeys(authJwks, clock)
  return new JoseAuthenticator(keys, { issuer: authIssuer, type: authType, algorithms: authAlgorithms, tenantClaim: authTenantClaim })
}

function keysOfFile(file: string): ReturnType<typeof localKeys> {
  try {
    return localKeys(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new StartRefused(`CONCORD_AUTH_KEYS: ${file} is no JSON Web Key Set of public keys (${error instanceof Error ? error.message : String(error)})`)
  }
}
