/** Who uses this tab. In development anybody may be anybody; in production a token says it. */
export interface Identity {
  readonly user: string
  readonly name: string
}

const KEY = 'concord.identity'

/** Colours that stay readable as a caret and as a tint, on white and on black. */
const PALETTE = ['#e11d48', '#c2410c', '#a16207', '#15803d', '#0e7490', '#0369a1', '#4f46e5', '#9333ea', '#be185d'] as const

/** People that a first visitor may be at once. */
export const SUGGESTIONS: readonly string[] = ['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Katherine Johnson']

/** The tab's own choice, else the browser's last one: two tabs can be two people. */
export function savedIdentity(): Identity | undefined {
  return read(sessionStorage) ?? read(localStorage)
}

export function saveIdentity(identity: Identity): void {
  for (const storage of [sessionStorage, localStorage]) storage.setItem(KEY, JSON.stringify(identity))
}

/** The next page load asks again. */
export function forgetIdentity(): void {
  for (const storage of [sessionStorage, localStorage]) storage.removeItem(KEY)
}

/** The user id of a name: the same person in every browser, and short enough to be typed into a share dialog. */
export function identityOf(name: string): Identity | undefined {
  const shown = name.trim().replace(/\s+/g, ' ').slice(0, 60)
  const user = shown
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  if (shown === '') return undefined
  return { user: user === '' ? `guest-${checksum(shown).toString(36)}` : user, name: shown }
}

/** The user whom somebody means: an id as it is, or the id that a name leads to. */
export function userIdOf(typed: string): string | undefined {
  const text = typed.trim()
  return /^[A-Za-z0-9._@:+-]{1,128}$/.test(text) && !/^[A-Z]/.test(text) ? text : identityOf(text)?.user
}

/** The same colour for the same user everywhere. */
export function colorOf(user: string): string {
  return PALETTE[checksum(user) % PALETTE.length]!
}

/** One or two letters for an avatar. */
export function initials(name: string): string {
  const words = name.split(/[\s._@-]+/).filter((word) => word !== '')
  const letters = words.length > 1 ? [words[0]!, words[words.length - 1]!] : words
  return letters.map((word) => Array.from(word)[0]!.toUpperCase()).join('') || '?'
}

/** A name for a user of whom only the id is known. */
export function nameOf(user: string): string {
  return user
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}

/** FNV-1a, and a last mix: the low bits choose a colour. */
function checksum(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x7feb352d)
  return (hash ^ (hash >>> 12)) >>> 0
}

function read(storage: Storage): Identity | undefined {
  try {
    const value = JSON.parse(storage.getItem(KEY) ?? 'null') as Partial<Identity> | null
    return typeof value?.user === 'string' && typeof value.name === 'string' ? { user: value.user, name: value.name } : undefined
  } catch {
    return undefined
  }
}
