import type { ClientId } from '@concord/protocol'
import type { DocumentKey } from '../ports/index.ts'
import type { ClientEntry } from './document-codec.ts'
import type { EpochTable } from './epoch-table.ts'
import { readChanges } from './load-document.ts'
import type { Parts } from './parts.ts'

/**
 * Looks for the last commit of a client id that the table has forgotten (R7). The epoch inside the id says where the
 * search begins: nobody had it before.
 */
export async function findOwnCommit(
  doc: DocumentKey,
  clientId: ClientId,
  range: { readonly head: number; readonly epochs: EpochTable },
  parts: Parts,
): Promise<(ClientEntry & { readonly userId: string }) | undefined> {
  const assignedIn = Number.parseInt(clientId.slice(0, 8), 16)
  const first = range.epochs.entries().find(({ epoch }) => epoch >= assignedIn)?.version
  if (first === undefined) return undefined
  let found: (ClientEntry & { readonly userId: string }) | undefined
  const problem = await readChanges(doc, first - 1, range.head, parts, ({ author, version, at }, { clientSeq }) => {
    if (author.clientId === clientId) found = { clientId, userId: author.userId, userOrdinal: author.userOrdinal, lastSeq: clientSeq, version, at }
    return undefined
  })
  if (problem !== undefined) throw new Error(problem)
  return found
}
