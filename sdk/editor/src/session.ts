import { type Client, connect } from '@concord/client'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { colorOf, type Identity } from './account/identity.ts'
import { fetchToken } from './account/token.ts'

/** One person, connected. */
export interface Session {
  readonly identity: Identity
  readonly color: string
  readonly client: Client
}

export function startSession(identity: Identity): Session {
  const client = connect({ url: location.origin, token: () => fetchToken(identity) })
  return { identity, color: colorOf(identity.user), client }
}

export const SessionContext = createContext<Session | undefined>(undefined)

/** The session of everything below the welcome page. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('used outside a session')
  return session
}
