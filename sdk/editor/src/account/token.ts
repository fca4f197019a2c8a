import type { Identity } from './identity.ts'

const KEY = 'concord.token'

/** The server does not hand out identities: it runs in production. */
export class NoDevelopmentIdentities extends Error {}

/** A token for the identity. One pasted by hand wins, for servers that do not issue any. */
export async function fetchToken({ user, name }: Identity): Promise<string> {
  const pasted = sessionStorage.getItem(KEY)
  if (pasted !== null) return pasted
  const response = await fetch('/dev/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ user, name }) })
  if (response.status === 404) throw new NoDevelopmentIdentities('This server does not offer development identities.')
  const answer = (await response.json()) as { readonly token?: unknown; readonly message?: unknown }
  if (!response.ok || typeof answer.token !== 'string') throw new Error(typeof answer.message === 'string' ? answer.message : `The server answered ${response.status}.`)
  return answer.token
}

export function saveToken(token: string): void {
  sessionStorage.setItem(KEY, token.trim())
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY)
}

/** Who a pasted token speaks for; the server checks it, the page only shows it. */
export function identityOfToken(token: string): Identity | undefined {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
    const bytes = Uint8Array.from(atob(payload), (unit) => unit.charCodeAt(0))
    const { sub, name } = JSON.parse(new TextDecoder().decode(bytes)) as { readonly sub?: unknown; readonly name?: unknown }
    if (typeof sub !== 'string') return undefined
    return { user: sub, name: typeof name === 'string' && name !== '' ? name : sub }
  } catch {
    return undefined
  }
}
