import { documentStoreContract } from '@concord/server/contract/document-store'
import { opLogContract } from '@concord/server/contract/op-log'
import { snapshotStoreContract } from '@concord/server/contract/snapshot-store'
import type { DocumentKey, StorageFaults } from '@concord/server/ports'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { Process } from '../kernel/process.ts'
import { VirtualTime } from '../kernel/virtual-time.ts'
import { SimStorage, type StorageView } from './sim-storage.ts'
import { Pump } from './testing/pumped.ts'

/** One harness for the three suites: `part` picks the port. Faults go the way that plans take. */
function harness<Store extends object>(part: (view: StorageView) => Store) {
  const time = new VirtualTime(1)
  const storage = new SimStorage({ time, random: new KeyedRandom(1, 'storage'), model: { delayMs: 3 }, emit: () => undefined, blocked: () => false })
  const [node, other] = [new Process(time, 'a'), new Process(time, 'b')]
  node.start()
  other.start()
  const pump = new Pump(time)
  const faults: StorageFaults = {
    nextAppend: async (outcome) => storage.ambiguous(outcome, 'a'),
    unavailable: async (what) => storage.unavailable(what),
  }
  return {
    open: async () => {
      const [view, rival] = [storage.view(node), storage.view(other)]
      const close = async (): Promise<void> => [view, rival].forEach((one) => one.close())
      return { store: pump.around(part(view)), rival: pump.around(part(rival)), faults, close }
    },
    damageSnapshot: async (doc: DocumentKey, version: number) => storage.data.damageSnapshot(doc, version),
    destroy: async () => {},
  }
}

opLogContract('simulated', async () => harness((view) => view.opLog))
snapshotStoreContract('simulated', async () => harness((view) => view.snapshots))
documentStoreContract('simulated', async () => harness((view) => view.documents))
