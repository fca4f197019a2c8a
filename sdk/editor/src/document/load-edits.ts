import { HistoryService } from '@concord/proto'
import { format } from '@concord/ot'
import { changeFromProto } from '@concord/protocol'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-web'
import type { Identity } from '../account/identity.ts'
import { fetchToken } from '../account/token.ts'
import type { Edit } from './use-edits.ts'

/** Versions before now that the panel begins with. */
const EARLIER = 100

/** The last versions before one opened the document, newest first. */
export async function loadEdits(document: string, head: number, identity: Identity): Promise<readonly Edit[]> {
  if (head === 0) return []
  const history = createClient(HistoryService, createConnectTransport({ baseUrl: location.origin, useBinaryFormat: true }))
  const headers = { authorization: `Bearer ${await fetchToken(identity)}` }
  const response = await history.listOperations({ document, after: BigInt(Math.max(0, head - EARLIER)), pageSize: EARLIER }, { headers })
  return response.operations.flatMap(({ change }) => {
    if (change === undefined) return []
    const { version, author, operation, at } = changeFromProto(change)
    return [{ version, count: 1, user: author.userId, notation: format(operation), at, own: author.userId === identity.user, ranges: [] }]
  }).reverse()
}
