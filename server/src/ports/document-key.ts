/** Names a document inside the server. The tenant comes first in every key of every store, and only ever from a token. */
export interface DocumentKey {
  /** `local` in development. */
  readonly tenant: string
  /** The part after `documents/`. */
  readonly id: string
}

/** A map key. Neither part can hold a slash. */
export function keyText(key: DocumentKey): string {
  return `${key.tenant}/${key.id}`
}
