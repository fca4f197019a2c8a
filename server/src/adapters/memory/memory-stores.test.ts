import { expect, test } from 'vitest'
import { documentStoreContract } from '../../../contract/document-store.ts'
import { NOTES, aRecord } from '../../../contract/harness.ts'
import { opLogContract } from '../../../contract/op-log.ts'
import { snapshotStoreContract } from '../../../contract/snapshot-store.ts'
import { MemoryData } from './memory-data.ts'
import type { MemoryStores } from './open-memory-stores.ts'
import { openMemoryStores } from './open-memory-stores.ts'

/** One harness for the three suites: `part` picks the port. */
function harness<Store>(part: (stores: MemoryStores) => Store) {
  const data = new MemoryData()
  return {
    open: async () => {
      const stores = openMemoryStores(data)
      const rival = openMemoryStores(data)
      const close = async (): Promise<void> => void (await Promise.all([stores.close(), rival.close()]))
      return { store: part(stores), rival: part(rival), faults: stores.faults, close }
    },
    damageSnapshot: async (doc: { tenant: string; id: string }, version: number) => data.damageSnapshot(doc, version),
    destroy: async () => {},
  }
}

opLogContract('memory', async () => harness((stores) => stores.opLog))
snapshotStoreContract('memory', async () => harness((stores) => stores.snapshots))
documentStoreContract('memory', async () => harness((stores) => stores.documents))

test('the memory log says that its commits are volatile', () => {
  expect(openMemoryStores().opLog.durability).toBe('volatile')
})

test('effects happen at the call, so order is the order of calls', async () => {
  const { opLog } = openMemoryStores()
  const claim = opLog.claim(NOTES, 'owner')
  const append = opLog.append(NOTES, 1, 0, [aRecord(1, 1)])
  const head = opLog.head(NOTES)
  expect(await Promise.all([claim, append, head])).toEqual([{ epoch: 1, head: 0 }, 'committed', { epoch: 1, version: 1 }])
})
