import { documentStoreContract } from '../../../contract/document-store.ts'
import { opLogContract } from '../../../contract/op-log.ts'
import { snapshotStoreContract } from '../../../contract/snapshot-store.ts'
import { sqliteHarness } from './testing.ts'

opLogContract('sqlite', async () => sqliteHarness((stores) => stores.opLog))
snapshotStoreContract('sqlite', async () => sqliteHarness((stores) => stores.snapshots))
documentStoreContract('sqlite', async () => sqliteHarness((stores) => stores.documents))
