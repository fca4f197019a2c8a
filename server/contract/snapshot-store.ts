import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DocumentKey, SnapshotStore, StoredSnapshot } from '../src/ports/index.ts'
import { StorageUnavailable } from '../src/ports/index.ts'
import type { Harness, Opened } from './harness.ts'
import { FOREIGN_NOTES, NOTES, PLANS } from './harness.ts'

export interface SnapshotHarness extends Harness<SnapshotStore> {
  /** Flips a bit of a stored snapshot, as a failing disk would. Called while the store is closed. */
  damageSnapshot(doc: DocumentKey, version: number): Promise<void>
}

/** What every snapshot store must do. */
export function snapshotStoreContract(name: string, makeHarness: () => Promise<SnapshotHarness>): void {
  describe(`SnapshotStore contract: ${name}`, () => {
    let harness: SnapshotHarness
    let opened: Opened<SnapshotStore>
    const store = () => opened.store
    const reopen = async (meanwhile: () => Promise<void> = async () => {}): Promise<void> => {
      await opened.close()
      await meanwhile()
      opened = await harness.open()
    }
    beforeEach(async () => {
      harness = await makeHarness()
      opened = await harness.open()
    })
    afterEach(async () => {
      await opened.close()
      await harness.destroy()
    })

    finding(store)
    contents(store, reopen)
    pruning(store)
    latecomers(store)

    test('a damaged snapshot is told as corrupt, and the one below it is still there', async () => {
      await store().put(NOTES, aSnapshot(5))
      await store().put(NOTES, aSnapshot(10))
      await reopen(() => harness.damageSnapshot(NOTES, 10))
      expect(await store().latest(NOTES, 99)).toEqual({ corrupt: 10 })
      expect(await store().latest(NOTES, 9)).toMatchObject({ version: 5 })
      await store().put(NOTES, aSnapshot(10))
      expect(await store().latest(NOTES, 99)).toMatchObject({ version: 10 })
    })

    test('without writes: put and prune reject, latest answers, and it heals', async () => {
      await store().put(NOTES, aSnapshot(1))
      await opened.faults.unavailable('writes')
      await expect(store().put(NOTES, aSnapshot(2))).rejects.toBeInstanceOf(StorageUnavailable)
      await expect(store().prune(NOTES, 1)).rejects.toBeInstanceOf(StorageUnavailable)
      expect(await store().latest(NOTES, 99)).toMatchObject({ version: 1 })
      await opened.faults.unavailable('everything')
      await expect(store().latest(NOTES, 99)).rejects.toBeInstanceOf(StorageUnavailable)
      await opened.faults.unavailable('nothing')
      await store().put(NOTES, aSnapshot(2))
      expect(await store().latest(NOTES, 99)).toMatchObject({ version: 2 })
    })

    test('a closed store rejects', async () => {
      await opened.close()
      await expect(store().latest(NOTES, 1)).rejects.toBeInstanceOf(StorageUnavailable)
    })
  })
}

/** A small snapshot whose bytes tell its version. */
export function aSnapshot(version: number, over: Partial<StoredSnapshot> = {}): StoredSnapshot {
  return {
    version,
    epoch: 1,
    hash: '00000000000000ff',
    format: 1,
    length: 12,
    state: Uint8Array.of(version, 1),
    chunks: [Uint8Array.of(version, 2, 3), Uint8Array.of(version, 4)],
    checksum: '',
    ...over,
  }
}

function sha256(snapshot: StoredSnapshot): string {
  return createHash('sha256').update(Buffer.concat([snapshot.state, ...snapshot.chunks])).digest('hex')
}

function finding(store: () => SnapshotStore): void {
  test('there is none before the first', async () => {
    expect(await store().latest(NOTES, Number.MAX_SAFE_INTEGER)).toBeUndefined()
  })

  test('latest is the highest at or below the bound', async () => {
    for (const version of [10, 0, 20]) await store().put(NOTES, aSnapshot(version))
    const found = async (atMost: number) => ((await store().latest(NOTES, atMost)) as StoredSnapshot).version
    expect(await found(Number.MAX_SAFE_INTEGER)).toBe(20)
    expect(await found(20)).toBe(20)
    expect(await found(19)).toBe(10)
    expect(await found(9)).toBe(0)
  })

  test('documents and tenants are apart', async () => {
    await store().put(NOTES, aSnapshot(7))
    expect(await store().latest(PLANS, 99)).toBeUndefined()
    expect(await store().latest(FOREIGN_NOTES, 99)).toBeUndefined()
    await store().put(FOREIGN_NOTES, aSnapshot(3))
    await store().prune(FOREIGN_NOTES, 1)
    expect(await store().latest(NOTES, 99)).toMatchObject({ version: 7 })
  })
}

function contents(store: () => SnapshotStore, reopen: () => Promise<void>): void {
  test('every field comes back, the checksum made by the store', async () => {
    const cases = [
      aSnapshot(1),
      aSnapshot(2, { epoch: 0, length: 0, state: new Uint8Array(0), chunks: [], checksum: 'ignored' }),
      aSnapshot(3, { chunks: [Uint8Array.of(9, 8, 7).subarray(1), new Uint8Array(0)], hash: 'ffffffffffffffff' }),
    ]
    for (const snapshot of cases) await store().put(NOTES, snapshot)
    await reopen()
    for (const snapshot of cases) {
      expect(await store().latest(NOTES, snapshot.version)).toEqual({ ...snapshot, checksum: sha256(snapshot) })
    }
  })

  test('many large chunks come back in order', async () => {
    const chunks = Array.from({ length: 70 }, (_, index) => new Uint8Array(200_000).fill(index))
    const snapshot = aSnapshot(9, { chunks, length: 14_000_000 })
    await store().put(NOTES, snapshot)
    const found = (await store().latest(NOTES, 9)) as StoredSnapshot
    expect(found.checksum).toBe(sha256(snapshot))
    expect(found.chunks.map((chunk) => [chunk.length, chunk[0], chunk.at(-1)])).toEqual(chunks.map((_, index) => [200_000, index, index]))
  })

  test('putting a version again replaces it, fewer chunks included', async () => {
    await store().put(NOTES, aSnapshot(4))
    const other = aSnapshot(4, { chunks: [Uint8Array.of(1)], epoch: 2 })
    await store().put(NOTES, other)
    expect(await store().latest(NOTES, 4)).toEqual({ ...other, checksum: sha256(other) })
  })

  test('puts at the same time all arrive', async () => {
    await Promise.all([1, 2, 3, 4, 5, 6].map((version) => store().put(NOTES, aSnapshot(version))))
    for (const version of [1, 2, 3, 4, 5, 6]) expect(await store().latest(NOTES, version)).toMatchObject({ version })
  })
}

function latecomers(store: () => SnapshotStore): void {
  test('what an owner of the past still puts and prunes hides nothing newer', async () => {
    await store().put(NOTES, aSnapshot(10, { epoch: 2 }))
    await store().put(NOTES, aSnapshot(6, { epoch: 1 }))
    expect(await store().latest(NOTES, 99)).toMatchObject({ version: 10, epoch: 2 })
    expect(await store().latest(NOTES, 9)).toMatchObject({ version: 6, epoch: 1 })
    await store().prune(NOTES, 1)
    await store().put(NOTES, aSnapshot(5, { epoch: 1 }))
    expect(await store().latest(NOTES, 99)).toMatchObject({ version: 10, epoch: 2 })
  })

  test('two owners at the same time: the newest stays, and every one that is there is whole', async () => {
    const puts = [12, 7, 11, 3].map((version) => store().put(NOTES, aSnapshot(version)))
    await Promise.all([...puts, store().prune(NOTES, 1), store().prune(NOTES, 2)])
    for (const atMost of [99, 11, 10, 6]) {
      const found = await store().latest(NOTES, atMost)
      if (found !== undefined) expect(found).toMatchObject({ chunks: aSnapshot((found as StoredSnapshot).version).chunks })
    }
    expect(await store().latest(NOTES, 99)).toMatchObject({ version: 12 })
  })
}

function pruning(store: () => SnapshotStore): void {
  test('prune keeps the newest', async () => {
    for (const version of [1, 2, 3, 4]) await store().put(NOTES, aSnapshot(version))
    await store().prune(NOTES, 2)
    expect(await store().latest(NOTES, 2)).toBeUndefined()
    expect(await store().latest(NOTES, 3)).toMatchObject({ version: 3 })
    expect(await store().latest(NOTES, 4)).toMatchObject({ version: 4 })
  })

  test('prune never takes the last one', async () => {
    await store().put(NOTES, aSnapshot(1))
    await store().put(NOTES, aSnapshot(2))
    await store().prune(NOTES, 0)
    expect(await store().latest(NOTES, 99)).toMatchObject({ version: 2 })
    await store().prune(PLANS, 1)
  })
}
