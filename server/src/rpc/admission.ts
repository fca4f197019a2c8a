import type { WireError } from '@concord/protocol'
import type { Clock } from '@concord/runtime'
import type { Authenticator, Identity, Telemetry } from '../ports/index.ts'
import type { Origins } from './origins.ts'

/** Lets a call in: the page it comes from, then who makes it. */
export class Admission {
  readonly #authenticator: Authenticator
  readonly #clock: Clock
  readonly #origins: Origins
  readonly #telemetry: Telemetry

  constructor(parts: { readonly authenticator: Authenticator; readonly clock: Clock; readonly origins: Origins; readonly telemetry: Telemetry }) {
    this.#authenticator = parts.authenticator
    this.#clock = parts.clock
    this.#origins = parts.origins
    this.#telemetry = parts.telemetry
  }

  origin(header: Headers): WireError | undefined {
    return this.#origins.check(header.get('origin'))
  }

  async admit(header: Headers): Promise<Identity | WireError> {
    return this.origin(header) ?? this.identify(bearer(header.get('authorization')))
  }

  async identify(token: string): Promise<Identity | WireError> {
    const found = await this.#authenticator.verify(token, this.#clock.now())
    if (found.kind === 'identity') return found
    this.#telemetry.count('auth_failures_total')
    return { reason: found.reason, message: found.message }
  }

  /** A fresh token of the same user, or the end of the stream. */
  async refresh(token: string, current: Identity): Promise<Identity | WireError> {
    const found = await this.identify(token)
    if (!isIdentity(found)) return found
    if (found.tenant === current.tenant && found.userId === current.userId && found.audience === current.audience) return found
    return { reason: 'TOKEN_INVALID', message: 'a refresh must bring a token of the same user' }
  }
}

export function isIdentity(result: Identity | WireError): result is Identity {
  return 'kind' in result
}

function bearer(header: string | null): string {
  return /^bearer +(\S+)$/i.exec(header ?? '')?.[1] ?? ''
}
