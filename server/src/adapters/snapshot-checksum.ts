import { createHash } from 'node:crypto'
import type { StoredSnapshot } from '../ports/index.ts'

/** SHA-256 over state, then the chunks in order; lowercase hexadecimal. */
export function snapshotChecksum(snapshot: Pick<StoredSnapshot, 'state' | 'chunks'>): string {
  const hash = createHash('sha256').update(snapshot.state)
  for (const chunk of snapshot.chunks) hash.update(chunk)
  return hash.digest('hex')
}
