import type { DocumentRecord } from './document-store.ts'

/** Where a page of `DocumentStore.list` ended: the next one begins below it in (updatedAt descending, id ascending). */
export interface ListPosition {
  /** Milliseconds since 1970. */
  readonly updatedAt: number
  readonly id: string
}

/** The page token that continues after `last`. */
export function listToken(last: DocumentRecord): string {
  return `${last.updatedAt}.${last.key.id}`
}

/** `undefined` for text that no store made: the edge answers INVALID_ARGUMENT, and a store treats it as past the end. */
export function parseListToken(token: string): ListPosition | undefined {
  const dot = token.indexOf('.')
  const updatedAt = Number(token.slice(0, Math.max(dot, 0)))
  const id = token.slice(dot + 1)
  const valid = dot > 0 && id !== '' && Number.isSafeInteger(updatedAt) && updatedAt >= 0
  return valid ? { updatedAt, id } : undefined
}
