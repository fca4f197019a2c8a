import type { Identity, DocumentKey } from '../ports/index.ts'
import { failField } from './wire-failure.ts'

const DOCUMENT_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/
/** ASCII alone, so that no two users look alike; `link:` principals have colons. */
const USER_ID = /^[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}$/
/** Controls, and marks that turn the direction of the text around them. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
const MAX_TITLE = 200
const MAX_PAGE = 1_000
const DEFAULT_PAGE = 100
const PREFIX = 'documents/'

/** The key of `documents/{id}` in the caller's tenant. */
export function documentKey(name: string, field: string, { tenant }: Identity): DocumentKey {
  if (!name.startsWith(PREFIX)) failField(field, `${field} must be documents/{id}`)
  return { tenant, id: documentId(name.slice(PREFIX.length), field) }
}

export function documentId(id: string, field: string): string {
  if (!DOCUMENT_ID.test(id)) failField(field, `${field}: an id is 1 to 64 of a-z 0-9 - _, beginning with a letter or digit`)
  return id
}

export function documentName({ id }: DocumentKey): string {
  return `${PREFIX}${id}`
}

export function userId(id: string, field: string): string {
  if (!isUserId(id)) failField(field, `${field} must be 1 to 128 of A-Z a-z 0-9 . _ @ : + -, beginning with a letter or digit`)
  return id
}

export function isUserId(id: string): boolean {
  return USER_ID.test(id)
}

/** A title is shown in lists and tabs, so it may not hide what it says. */
export function title(text: string, field: string): string {
  if (text.length > MAX_TITLE) failField(field, `${field} may have ${MAX_TITLE} characters`)
  if (HIDDEN.test(text) || !text.isWellFormed()) failField(field, `${field} may not hold control characters, marks of direction or half characters`)
  return text
}

/** @returns records a page may have */
export function pageSize(asked: number, field: string): number {
  if (asked < 0) failField(field, `${field} must be 1 to ${MAX_PAGE}, or 0 for ${DEFAULT_PAGE}`)
  return asked === 0 ? DEFAULT_PAGE : Math.min(asked, MAX_PAGE)
}

/** A version from the wire. */
export function version(value: bigint, field: string): number {
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) failField(field, `${field} must be a whole number from 0 to 2^53 - 1`)
  return Number(value)
}
