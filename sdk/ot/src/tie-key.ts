import type { TieKey } from './operation.ts'

/** Before every key that a session can have: the key of inserts in what an application writes, in a diff and in an inverse (R13). */
export const LOWEST_KEY: TieKey = Object.freeze({ user: 0, client: '0000000000000000' })

/**
 * Negative when `a` comes first, 0 when they are equal: user first, then client by code units (R13). Never locale order:
 * replicas in different locales would order differently.
 */
export function compareKeys(a: TieKey, b: TieKey): number {
  if (a === b) return 0
  if (a.user !== b.user) return a.user < b.user ? -1 : 1
  if (a.client === b.client) return 0
  return a.client < b.client ? -1 : 1
}

/** Equal user and client. */
export function equalKeys(a: TieKey, b: TieKey): boolean {
  return a === b || (a.user === b.user && a.client === b.client)
}

/** `3.00000000000000a1`: how the notation writes a key. */
export function keyName(key: TieKey): string {
  return `${key.user}.${key.client}`
}

/** Why a key cannot be used; undefined when it can. */
export function keyProblem(key: TieKey): string | undefined {
  if (!Number.isSafeInteger(key.user) || key.user < 0) return 'the user ordinal is not a whole number from 0 to 2^53 - 1'
  if (typeof key.client !== 'string' || !/^[0-9a-f]{16}$/.test(key.client)) return 'the client is not 16 lowercase hexadecimal digits'
  return undefined
}
