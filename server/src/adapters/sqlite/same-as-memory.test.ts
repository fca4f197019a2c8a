import { systemRuntime } from '@concord/runtime'
import type { Role } from '@concord/protocol'
import { expect, test } from 'vitest'
import { aSnapshot } from '../../../contract/snapshot-store.ts'
import { records } from '../../../contract/harness.ts'
import type { DocumentStore, OpLog, SnapshotStore, StorageFaults } from '../../ports/index.ts'
import { MemoryData } from '../memory/memory-data.ts'
import { openMemoryStores } from '../memory/open-memory-stores.ts'
import { testSeed, seededRandom } from './seeded-random.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'
import { removeFolder, temporaryFolder } from './testing.ts'

interface Stores {
  readonly opLog: OpLog
  readonly snapshots: SnapshotStore
  readonly documents: DocumentStore
  readonly faults: StorageFaults
  close(): Promise<void>
}

/** One call, the same on both; what it answers must be the same too. `text` is what to paste. */
interface Step {
  readonly text: string
  run(stores: Stores): Promise<unknown>
}

const ROLES: readonly Role[] = ['viewer', 'commenter', 'editor', 'owner']

/** Half of the appends fit the log as `known` has it, the others miss epoch or head by one. */
function randomStep(random: (bound: number) => number, known: Map<string, { epoch: number; head: number }>, at: number): Step {
  const doc = { tenant: `tenant-${random(2)}`, id: `doc-${random(4)}` }
  const user = `user-${random(3)}`
  const name = `${doc.tenant}/${doc.id}`
  const { epoch, head } = known.get(name) ?? { epoch: 0, head: 0 }
  const [missEpoch, missHead] = [random(4) === 0 ? 1 : 0, random(4) === 0 ? 1 : 0]
  const batch = records(head + missHead + 1, head + missHead + random(5), epoch + missEpoch)
  const choices: readonly Step[] = [
    { text: `claim ${name}`, run: ({ opLog }) => opLog.claim(doc, user) },
    { text: `append ${name} ${epoch + missEpoch} ${head + missHead} x${batch.length}`, run: ({ opLog }) => opLog.append(doc, epoch + missEpoch, head + missHead, batch) },
    { text: `append ${name} again`, run: ({ opLog }) => opLog.append(doc, epoch, head, records(head + 1, head + 3, epoch)) },
    { text: `read ${name} ${missHead} ${head}`, run: ({ opLog }) => opLog.read(doc, missHead, head, 40) },
    { text: `head ${name}`, run: ({ opLog }) => opLog.head(doc) },
    { text: `epochStarts ${name}`, run: ({ opLog }) => opLog.epochStarts(doc) },
    { text: `put ${name} ${head}`, run: ({ snapshots }) => snapshots.put(doc, aSnapshot(head)) },
    { text: `latest ${name} ${head - missHead}`, run: ({ snapshots }) => snapshots.latest(doc, head - missHead) },
    { text: `prune ${name}`, run: ({ snapshots }) => snapshots.prune(doc, 1 + missEpoch) },
    { text: `create ${name} ${user}`, run: ({ documents }) => documents.create(doc, { title: 'A', type: 'text', creator: user, at }) },
    { text: `update ${name}`, run: ({ documents }) => documents.update(doc, { title: user, at, ...(missHead ? { etag: '2' } : {}) }) },
    { text: `delete ${name}`, run: async ({ documents }) => (missEpoch + missHead === 2 ? documents.delete(doc, at) : 'kept') },
    { text: `touch ${name}`, run: ({ documents }) => documents.touch(doc, at - missHead * 9) },
    { text: `setGrant ${name} ${user}`, run: ({ documents }) => documents.setGrant(doc, { userId: user, role: ROLES[at % 4]! }) },
    { text: `deleteGrant ${name} ${user}`, run: ({ documents }) => documents.deleteGrant(doc, user) },
    { text: `role ${name} ${user}`, run: ({ documents }) => documents.role(doc, user) },
    { text: `grants ${name}`, run: ({ documents }) => documents.grants(doc) },
    { text: `list ${doc.tenant} ${user}`, run: ({ documents }) => documents.list(doc.tenant, user, 2) },
    { text: 'writes fail', run: ({ faults }) => faults.unavailable('writes') },
    { text: 'writes work', run: ({ faults }) => faults.unavailable('nothing') },
    { text: 'writes work', run: ({ faults }) => faults.unavailable('nothing') },
  ]
  return choices[random(choices.length)]!
}

async function answer(step: Step, stores: Stores): Promise<unknown> {
  try {
    return await step.run(stores)
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

test('whatever is asked, memory and SQLite answer the same, over restarts', async () => {
  const seed = testSeed()
  const random = seededRandom(seed)
  const directory = temporaryFolder()
  const data = new MemoryData()
  const known = new Map<string, { epoch: number; head: number }>()
  let committed = 0
  for (let life = 0; life < 5; life += 1) {
    const memory = openMemoryStores(data)
    const sqlite = await openSqliteStores({ directory, runtime: systemRuntime })
    const history: string[] = []
    for (let at = 0; at < 600; at += 1) {
      const step = randomStep(random, known, life * 600 + at)
      history.push(step.text)
      const [expected, found] = [await answer(step, memory), await answer(step, sqlite)]
      expect(found, `CONCORD_SEED=${seed}, life ${life}:\n${history.slice(-20).join('\n')}`).toEqual(expected)
      if (expected === 'committed') committed += 1
      for (const [name, log] of data.logs) known.set(name, { epoch: log.epoch, head: log.records.length })
    }
    await memory.close()
    await sqlite.close()
  }
  expect(committed, `CONCORD_SEED=${seed}`).toBeGreaterThan(50)
  removeFolder(directory)
})
