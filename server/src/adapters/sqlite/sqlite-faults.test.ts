import { systemRuntime } from '@concord/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NOTES, PLANS, aRecord, records } from '../../../contract/harness.ts'
import { StorageUnavailable } from '../../ports/index.ts'
import type { SqliteStores } from './open-sqlite-stores.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'
import { editDatabase, removeFolder, temporaryFolder } from './testing.ts'

describe('failing disks and threads', () => {
  let directory: string
  let stores: SqliteStores
  let health: [boolean, string][]
  beforeEach(async () => {
    directory = temporaryFolder()
    health = []
    stores = await openSqliteStores({ directory, runtime: systemRuntime, onHealth: (writable, cause) => health.push([writable, cause]) })
  })
  afterEach(async () => {
    await stores.close()
    removeFolder(directory)
  })

  test('a full disk: no acknowledgement, reads go on, and appends continue where they were once there is room', async () => {
    const { opLog, faults } = stores
    const { epoch } = await opLog.claim(NOTES, 'owner')
    const large = (version: number) => [aRecord(version, epoch, { bytes: new Uint8Array(20_000).fill(version) })]
    await faults.limitPages(30)
    let head = 0
    const full = async (): Promise<unknown> => {
      for (;;) {
        const outcome = await opLog.append(NOTES, epoch, head, large(head + 1)).catch((error: unknown) => error)
        if (outcome !== 'committed') return outcome
        head += 1
      }
    }
    expect(await full()).toBeInstanceOf(StorageUnavailable)
    expect(head).toBeGreaterThan(0)
    expect(health).toEqual([[false, 'database or disk is full']])
    expect(await opLog.head(NOTES)).toEqual({ epoch, version: head })
    expect(await opLog.read(NOTES, 0, 100, 1e9)).toHaveLength(head)
    await expect(opLog.append(NOTES, epoch, head, large(head + 1))).rejects.toThrow('full')
    await faults.limitPages(undefined)
    expect(await opLog.append(NOTES, epoch, head, large(head + 1))).toBe('committed')
    expect(health).toEqual([[false, 'database or disk is full'], [true, '']])
    const versions = (await opLog.read(NOTES, 0, 100, 1e9)).map((record) => record.version)
    expect(versions).toEqual(Array.from({ length: head + 1 }, (_, index) => index + 1))
  })

  test('a batch that meets the end of the disk in its middle leaves nothing behind', async () => {
    const { opLog, faults } = stores
    const { epoch } = await opLog.claim(NOTES, 'owner')
    await faults.limitPages(3)
    const batch = records(1, 40, epoch).map((record) => ({ ...record, bytes: new Uint8Array(2_000) }))
    await expect(opLog.append(NOTES, epoch, 0, batch)).rejects.toBeInstanceOf(StorageUnavailable)
    expect(await opLog.head(NOTES)).toEqual({ epoch, version: 0 })
    expect(await opLog.epochStarts(NOTES)).toEqual([])
    await faults.limitPages(undefined)
    expect(await opLog.append(NOTES, epoch, 0, batch)).toBe('committed')
    expect(await opLog.epochStarts(NOTES)).toEqual([{ epoch, version: 1 }])
  })

  test('a snapshot that meets the end of the disk is not there, and putting it again works', async () => {
    const { snapshots, faults } = stores
    const chunks = Array.from({ length: 30 }, () => new Uint8Array(200_000))
    const snapshot = { version: 1, epoch: 1, hash: '0000000000000001', format: 1, length: 1, state: new Uint8Array(3), chunks, checksum: '' }
    await faults.limitPages(1_000)
    const [large, small] = await Promise.allSettled([snapshots.put(NOTES, snapshot), snapshots.put(NOTES, { ...snapshot, version: 2, chunks: [] })])
    expect(large).toMatchObject({ status: 'rejected', reason: { name: 'StorageUnavailable' } })
    expect(small).toMatchObject({ status: 'fulfilled' })
    expect(await snapshots.latest(NOTES, 1)).toBeUndefined()
    expect((await stores.inspect()).transfers).toBe(0)
    await faults.limitPages(undefined)
    await snapshots.put(NOTES, snapshot)
    expect(await snapshots.latest(NOTES, 1)).toMatchObject({ version: 1, length: 1 })
  })

  test('chunks of snapshots that broke off, were replaced or pruned do not stay behind', async () => {
    const { snapshots, faults } = stores
    const chunks = Array.from({ length: 30 }, () => new Uint8Array(200_000))
    const snapshot = { version: 1, epoch: 1, hash: '0000000000000001', format: 1, length: 1, state: new Uint8Array(3), chunks, checksum: '' }
    await faults.limitPages(1_000)
    await expect(snapshots.put(NOTES, snapshot)).rejects.toBeInstanceOf(StorageUnavailable)
    await faults.limitPages(undefined)
    for (const version of [1, 2, 2, 3]) await snapshots.put(NOTES, { ...snapshot, version, chunks: chunks.slice(0, 5) })
    await snapshots.prune(NOTES, 2)
    await stores.close()
    editDatabase(directory, (database) => expect(database.prepare('SELECT count(*) AS n FROM snapshot_chunk').get()).toEqual({ n: 10 }))
  })

  test('when the thread ends, appends under way are unknown and everything else is refused', async () => {
    const { opLog, documents, faults } = stores
    const { epoch } = await opLog.claim(NOTES, 'owner')
    const crash = faults.crash()
    const append = opLog.append(NOTES, epoch, 0, [aRecord(1, epoch)])
    await expect(crash).rejects.toBeInstanceOf(StorageUnavailable)
    expect(['unknown', 'committed']).toContain(await append)
    await expect(opLog.append(NOTES, epoch, 0, [aRecord(1, epoch)])).rejects.toBeInstanceOf(StorageUnavailable)
    await expect(documents.get(NOTES)).rejects.toThrow('restart the server')
    expect(health).toHaveLength(1)
    expect(health[0]?.[0]).toBe(false)
  })

  test('closing answers what was asked before', async () => {
    const { opLog } = stores
    const { epoch } = await opLog.claim(NOTES, 'owner')
    const append = opLog.append(NOTES, epoch, 0, [aRecord(1, epoch)])
    const claim = opLog.claim(PLANS, 'owner')
    await stores.close()
    expect(await append).toBe('committed')
    expect(await claim).toEqual({ epoch: 1, head: 0 })
    await expect(opLog.head(NOTES)).rejects.toThrow('The store is closed')
    expect(health).toEqual([])
  })
})

describe('group commit', () => {
  test('appends that wait together share a transaction', async () => {
    const directory = temporaryFolder()
    const stores = await openSqliteStores({ directory, runtime: systemRuntime })
    const docs = Array.from({ length: 200 }, (_, n) => ({ tenant: 'local', id: `doc-${n}` }))
    await Promise.all(docs.map((doc) => stores.opLog.claim(doc, 'owner')))
    const before = await stores.inspect()
    await Promise.all(docs.map((doc) => stores.opLog.append(doc, 1, 0, [aRecord(1, 1)])))
    const after = await stores.inspect()
    expect(after.appends - before.appends).toBe(200)
    expect(after.commits - before.commits).toBe(1)
    await stores.close()
    removeFolder(directory)
  })

  test('more than one message can carry is committed all the same', async () => {
    const directory = temporaryFolder()
    const stores = await openSqliteStores({ directory, runtime: systemRuntime })
    const docs = Array.from({ length: 100 }, (_, n) => ({ tenant: 'local', id: `doc-${n}` }))
    await Promise.all(docs.map((doc) => stores.opLog.claim(doc, 'owner')))
    const bytes = new Uint8Array(200_000).fill(5)
    const outcomes = await Promise.all(docs.map((doc) => stores.opLog.append(doc, 1, 0, [aRecord(1, 1, { bytes })])))
    expect(new Set(outcomes)).toEqual(new Set(['committed']))
    for (const doc of docs) expect((await stores.opLog.read(doc, 0, 9, 1))[0]?.bytes.length).toBe(200_000)
    await stores.close()
    removeFolder(directory)
  })

  test('the fence holds for more documents than are remembered', async () => {
    const directory = temporaryFolder()
    const stores = await openSqliteStores({ directory, runtime: systemRuntime })
    await stores.opLog.claim(NOTES, 'first')
    expect(await stores.opLog.append(NOTES, 1, 0, records(1, 3, 1))).toBe('committed')
    await stores.opLog.claim(NOTES, 'second')
    await Promise.all(Array.from({ length: 20_100 }, (_, n) => stores.opLog.head({ tenant: 'local', id: `doc-${n}` })))
    expect(await stores.opLog.append(NOTES, 1, 3, [aRecord(4, 1)])).toBe('fenced')
    expect(await stores.opLog.append(NOTES, 2, 2, [aRecord(3, 2)])).toBe('fenced')
    expect(await stores.opLog.append(NOTES, 2, 3, [aRecord(4, 2)])).toBe('committed')
    expect(await stores.opLog.epochStarts(NOTES)).toEqual([
      { epoch: 1, version: 1 },
      { epoch: 2, version: 4 },
    ])
    await stores.close()
    removeFolder(directory)
  })
})
