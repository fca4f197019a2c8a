import { create } from '@bufbuild/protobuf'
import { type AdminService, ClientRecordSchema, GetSnapshotResponseSchema, SnapshotSchema, type Snapshot } from '@concord/proto'
import { idToBigint, Malformed, operationToProto } from '@concord/protocol'
import type { ServiceImpl } from '@connectrpc/connect'
import { decodeContent, decodeSnapshotState, type SnapshotState } from '../codec/snapshot-codec.ts'
import type { DocumentKey, Identity, StoredSnapshot } from '../ports/index.ts'
import { access } from './access.ts'
import { callerOf } from './call-info.ts'
import type { EdgeServices } from './edge-services.ts'
import { documentKey, version } from './fields.ts'
import { fail } from './wire-failure.ts'

/** The audience of operators' tokens. */
export const ADMIN_AUDIENCE = 'concord-admin'

/** @param ownersMayAsk true in development, where nobody has an operator's token */
export function adminService(services: EdgeServices, ownersMayAsk: boolean): ServiceImpl<typeof AdminService> {
  return {
    async getSnapshot(request, context) {
      const caller = callerOf(context)
      const doc = documentKey(request.document, 'document', caller)
      await admit(services, doc, caller, ownersMayAsk)
      const atMost = version(request.atMost, 'at_most')
      const found = await services.snapshots.latest(doc, atMost === 0 ? Number.MAX_SAFE_INTEGER : atMost)
      if (found === undefined) fail('SNAPSHOT_NOT_FOUND', 'no snapshot is kept at or below that version')
      if ('corrupt' in found) fail('DATA_LOSS', `the snapshot of version ${found.corrupt} fails its checksum`)
      return create(GetSnapshotResponseSchema, { snapshot: described(found, request.content) })
    },
  }
}

async function admit({ documents }: EdgeServices, doc: DocumentKey, caller: Identity, ownersMayAsk: boolean): Promise<void> {
  if (caller.audience === ADMIN_AUDIENCE) return
  if (!ownersMayAsk) fail('ROLE_REQUIRED', `this needs a token of the audience ${ADMIN_AUDIENCE}`)
  await access(documents, doc, caller, 'retention')
}

function described(found: StoredSnapshot, withContent: boolean): Snapshot {
  const state = decodeSnapshotState(found.state)
  if (state instanceof Malformed) fail('DATA_LOSS', `the snapshot of version ${found.version} is damaged`)
  return create(SnapshotSchema, {
    version: BigInt(found.version),
    epoch: BigInt(found.epoch),
    hash: idToBigint(found.hash),
    checksum: Buffer.from(found.checksum, 'hex'),
    length: found.length,
    size: BigInt(found.chunks.reduce((sum, chunk) => sum + chunk.length, found.state.length)),
    format: found.format,
    content: withContent ? found.chunks.map((chunk) => content(chunk, found.version)) : [],
    clients: clients(state),
  })
}

function content(chunk: Uint8Array, at: number) {
  const operation = decodeContent(chunk)
  if (operation instanceof Malformed) fail('DATA_LOSS', `the snapshot of version ${at} is damaged`)
  return operationToProto(operation)
}

function clients(state: SnapshotState) {
  const names = new Map(state.users.map(({ ordinal, userId }) => [ordinal, userId]))
  return state.clients.map(({ clientId, userOrdinal, lastSeq, version: at }) =>
    create(ClientRecordSchema, { clientId: idToBigint(clientId), userId: names.get(userOrdinal) ?? '', lastSeq: BigInt(lastSeq), version: BigInt(at) }),
  )
}
