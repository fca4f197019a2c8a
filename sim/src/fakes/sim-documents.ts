import { type DocumentStore, type SnapshotStore, StorageUnavailable } from '@concord/server/ports'
import type { StorePath } from './store-path.ts'

/** The store of documents and grants as one node reaches it. Roles come from a source that can be gone by itself. */
export function simDocuments(store: DocumentStore, path: StorePath, rolesAnswer: () => boolean): DocumentStore {
  const role = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    path.ask(async () => {
      if (!rolesAnswer()) throw new StorageUnavailable('The source of permissions does not answer (a fault of the simulation)')
      return ask()
    })
  return {
    create: (doc, fields) => path.ask(() => store.create(doc, fields)),
    get: (doc) => path.ask(() => store.get(doc)),
    list: (tenant, userId, pageSize, pageToken) => path.ask(() => store.list(tenant, userId, pageSize, pageToken)),
    update: (doc, change) => path.ask(() => store.update(doc, change)),
    delete: (doc, at, etag) => path.ask(() => store.delete(doc, at, etag)),
    touch: (doc, at) => path.ask(() => store.touch(doc, at)),
    role: (doc, userId) => role(() => store.role(doc, userId)),
    grants: (doc) => role(() => store.grants(doc)),
    setGrant: (doc, grant) => path.ask(() => store.setGrant(doc, grant)),
    deleteGrant: (doc, userId) => path.ask(() => store.deleteGrant(doc, userId)),
    close: () => store.close(),
  }
}

/** The snapshots as one node reaches them. */
export function simSnapshots(store: SnapshotStore, path: StorePath): SnapshotStore {
  return {
    put: (doc, snapshot) => path.ask(() => store.put(doc, snapshot)),
    latest: (doc, atMost) => path.ask(() => store.latest(doc, atMost)),
    prune: (doc, keep) => path.ask(() => store.prune(doc, keep)),
    close: () => store.close(),
  }
}
