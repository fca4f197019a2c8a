import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { systemRuntime } from '@concord/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NOTES, PLANS, aRecord, records } from '../../../contract/harness.ts'
import type { DocumentKey } from '../../ports/index.ts'
import { LogDamaged } from '../../ports/index.ts'
import type { SqliteStores } from './open-sqlite-stores.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'
import { editDatabase, removeFolder, temporaryFolder } from './testing.ts'

/** Damage on the disk is told for the document it hits, and for no other. */
describe('damage', () => {
  let directory: string
  let stores: SqliteStores
  const open = async (): Promise<void> => {
    stores = await openSqliteStores({ directory, runtime: systemRuntime })
  }
  const damage = async (edit: () => void): Promise<void> => {
    await stores.close()
    edit()
    await open()
  }
  const editRow = (sql: string) => damage(() => editDatabase(directory, (database) => database.exec(sql)))
  const damageOf = async (doc: DocumentKey, after = 0): Promise<unknown> => stores.opLog.read(doc, after, 1_000, 1e9).catch((error: unknown) => error)

  beforeEach(async () => {
    directory = temporaryFolder()
    await open()
    for (const doc of [NOTES, PLANS]) {
      await stores.opLog.claim(doc, 'owner')
      await stores.opLog.append(doc, 1, 0, records(1, 20, 1))
    }
  })
  afterEach(async () => {
    await stores.close()
    removeFolder(directory)
  })

  test('a damaged row is told with its version; what is below and above can be read, and other documents are served', async () => {
    const docs = Object.keys(ROW_DAMAGE).map((id) => ({ tenant: 'local', id }))
    for (const doc of docs) {
      await stores.opLog.claim(doc, 'owner')
      await stores.opLog.append(doc, 1, 0, records(1, 20, 1))
    }
    const row = (id: string) => `WHERE tenant = 'local' AND doc_id = '${id}' AND version = 7`
    await damage(() => editDatabase(directory, (database) => Object.entries(ROW_DAMAGE).forEach(([id, edit]) => database.exec(edit(row(id), id)))))
    for (const doc of docs) {
      expect(await damageOf(doc), doc.id).toMatchObject({ name: 'LogDamaged', version: 7 })
      expect(await stores.opLog.read(doc, 0, 6, 1e9), doc.id).toHaveLength(6)
      expect(await stores.opLog.read(doc, 7, 100, 1e9), doc.id).toHaveLength(13)
    }
    expect(await damageOf(PLANS)).toHaveLength(20)
    expect(await stores.opLog.append(PLANS, 1, 20, [aRecord(21, 1)])).toBe('committed')
  })

  test('a torn page fails its own document, alone, in reads and in a shared transaction', async () => {
    const marked = { tenant: 'local', id: 'zz-marked' }
    await stores.opLog.claim(marked, 'owner')
    const batch = records(1, 2_000, 1).map((record) => ({ ...record, bytes: new Uint8Array(100).fill(77) }))
    await stores.opLog.append(marked, 1, 0, batch)
    await damage(() => tearPages(join(directory, 'concord.db'), 'zz-marked'))
    const others = Array.from({ length: 30 }, (_, n) => ({ tenant: 'local', id: `a-other-${n}` }))
    for (const doc of others) await stores.opLog.claim(doc, 'owner')
    const writes = [...others, marked].map((doc) => stores.opLog.append(doc, 1, doc === marked ? 2_000 : 0, [aRecord(doc === marked ? 2_001 : 1, 1)]))
    const outcomes = await Promise.allSettled(writes)
    expect(outcomes.slice(0, -1).map((outcome) => outcome.status === 'fulfilled' && outcome.value)).toEqual(others.map(() => 'committed'))
    expect(outcomes.at(-1)).toMatchObject({ status: 'rejected', reason: { name: 'LogDamaged' } })
    expect(await stores.opLog.read(marked, 0, 3_000, 1e9).catch((error: unknown) => error)).toBeInstanceOf(LogDamaged)
    for (const doc of [NOTES, PLANS]) expect(await damageOf(doc)).toHaveLength(20)
  })

  test('a damaged log stays damaged after reopening: nothing is repaired in silence', async () => {
    await editRow(`UPDATE op_log SET bytes = x'00' WHERE doc_id = 'notes' AND version = 20`)
    await damage(() => undefined)
    expect(await damageOf(NOTES)).toBeInstanceOf(LogDamaged)
    expect(await stores.opLog.head(NOTES)).toEqual({ epoch: 1, version: 20 })
  })

  test('a damaged snapshot is corrupt', async () => {
    const chunks = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
    const docs = Object.keys(SNAPSHOT_DAMAGE).map((id) => ({ tenant: 'local', id }))
    for (const doc of docs) {
      await stores.snapshots.put(doc, { version: 9, epoch: 1, hash: '0000000000000001', format: 1, length: 3, state: Uint8Array.of(0), chunks, checksum: '' })
    }
    await damage(() => editDatabase(directory, (database) => Object.entries(SNAPSHOT_DAMAGE).forEach(([id, sql]) => database.exec(`${sql} doc_id = '${id}'`))))
    for (const doc of docs) expect(await stores.snapshots.latest(doc, 99), doc.id).toEqual({ corrupt: 9 })
  })
})

/** By document: what happens to its version 7. */
const ROW_DAMAGE: Readonly<Record<string, (row: string, id: string) => string>> = {
  'flipped-bit': (row) => `UPDATE op_log SET bytes = x'313a38' ${row}`,
  'other-author': (row) => `UPDATE op_log SET user_id = 'eve' ${row}`,
  'other-client': (row) => `UPDATE op_log SET client_id = '0000000100000008' ${row}`,
  'other-seq': (row) => `UPDATE op_log SET client_seq = 8 ${row}`,
  'other-time': (row) => `UPDATE op_log SET at = at + 1 ${row}`,
  'other-epoch': (row) => `UPDATE op_log SET epoch = 2 ${row}`,
  'other-base': (row) => `UPDATE op_log SET base_version = 5 ${row}`,
  'other-algorithm': (row) => `UPDATE op_log SET algorithm = 2 ${row}`,
  'other-format': (row) => `UPDATE op_log SET format = 2 ${row}`,
  'submitted-from-nowhere': (row) => `UPDATE op_log SET submitted = x'00' ${row}`,
  'other-checksum': (row) => `UPDATE op_log SET checksum = checksum + 1 ${row}`,
  'negative-number': (row) => `UPDATE op_log SET client_seq = -1 ${row}`,
  'missing-row': (row) => `DELETE FROM op_log ${row}`,
  'row-of-another': (row, id) =>
    `DELETE FROM op_log ${row}; INSERT INTO op_log SELECT tenant, '${id}', version, epoch, client_id, client_seq, user_id, at, base_version,
     algorithm, format, bytes, submitted, checksum FROM op_log WHERE doc_id = 'plans' AND version = 7`,
}

const SNAPSHOT_DAMAGE: Readonly<Record<string, string>> = {
  state: "UPDATE snapshot SET state = x'01' WHERE",
  checksum: "UPDATE snapshot SET checksum = 'beef' WHERE",
  'missing-chunk': 'DELETE FROM snapshot_chunk WHERE ordinal = 1 AND',
  'no-chunks': 'DELETE FROM snapshot_chunk WHERE',
}

/** Overwrites pages full of `marker` with a pattern, as a disk that lost those sectors would; not the first ones, which hold neighbours too. */
function tearPages(file: string, marker: string): void {
  const content = readFileSync(file)
  const pages = Array.from({ length: content.length / PAGE }, (_, page) => content.subarray(page * PAGE, (page + 1) * PAGE))
  const full = pages.flatMap((bytes, page) => (bytes[0] === LEAF && bytes.toString('latin1').split(marker).length > 12 ? [page] : []))
  const torn = full.slice(10)
  if (torn.length < 10) throw new Error(`Only ${torn.length} pages to tear`)
  const descriptor = openSync(file, 'r+')
  for (const page of torn) writeSync(descriptor, Buffer.alloc(PAGE, 0x5a), 0, PAGE, page * PAGE)
  closeSync(descriptor)
}

const PAGE = 4_096
/** First byte of a leaf page of an index, https://sqlite.org/fileformat2.html#b_tree_pages. */
const LEAF = 10
