import type { DocumentKey } from '../ports/index.ts'

const NAME = /^documents\/([a-z0-9][a-z0-9_-]{0,63})$/

/** The key of a document name as clients write it; undefined when it is none. The tenant comes from the token alone. */
export function documentKey(tenant: string, name: string): DocumentKey | undefined {
  const id = NAME.exec(name)?.[1]
  return id === undefined ? undefined : { tenant, id }
}
