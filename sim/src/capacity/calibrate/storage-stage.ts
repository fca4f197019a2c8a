import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DocumentText, OperationBuilder, stamp } from '@concord/ot'
import { type Change, encodeChange } from '@concord/protocol'
import { systemRuntime } from '@concord/runtime'
import { openSqliteStores, type SqliteStores } from '@concord/server/adapters/sqlite/open-sqlite-stores'
import { createDocumentCodec } from '@concord/server/compose'
import { resolveLimits } from '@concord/server/core/limits'
import { loadDocument } from '@concord/server/core/load-document'
import type { Parts } from '@concord/server/core/parts'
import { RULES } from '@concord/server/core/rules'
import { SnapshotWriter } from '@concord/server/core/snapshot-writer'
import type { DocumentKey, LogRecord } from '@concord/server/ports'
import type { Stage } from './stage.ts'

const APPENDS = 150
const BATCH = 100
const CLAIMS = 100
const SMALL = { units: 1_000, times: 40 }
const LARGE = { units: 1_000_000, times: 4 }

/** The embedded store and what loads from it, by themselves: through sockets, their share could not be told apart. */
export const storageStage: Stage = {
  title: 'storage',
  rounds: 3,
  async round() {
    const directory = mkdtempSync(join(tmpdir(), 'concord-calibrate-'))
    const stores = await openSqliteStores({ directory, runtime: systemRuntime })
    try {
      const single = await appends(stores, 'single', 1)
      const grouped = await appends(stores, 'grouped', BATCH)
      const claiming = await cpuOf(async () => {
        for (let index = 0; index < CLAIMS; index++) await stores.opLog.claim(key(`claim-${index}`), 'calibrate')
      })
      const small = await snapshots(stores, SMALL)
      const large = await snapshots(stores, LARGE)
      const perOperation = Math.max(0, (grouped.cpuMs - single.cpuMs) / (BATCH - 1))
      const kunits = (LARGE.units - SMALL.units) / 1_000
      const [loadKunit, putKunit] = [(large.loadMs - small.loadMs) / kunits, (large.putMs - small.putMs) / kunits]
      return {
        'append.batch': single.cpuMs - perOperation,
        'append.operation': perOperation,
        'append.latency': single.wallMs,
        claim: claiming / CLAIMS,
        'load.fixed': small.loadMs - loadKunit * (SMALL.units / 1_000),
        'load.kunit': loadKunit,
        'snapshot.fixed': small.putMs - putKunit * (SMALL.units / 1_000),
        'snapshot.kunit': putKunit,
        'bytes.row': await bytesPerRow(),
      }
    } finally {
      await stores.close()
      rmSync(directory, { recursive: true, force: true })
    }
  },
}

function key(id: string): DocumentKey {
  return { tenant: 'local', id }
}

/** One letter at the start, as a person's client sends it. */
function rowOf(version: number, epoch: number): LogRecord {
  const operation = stamp(new OperationBuilder(version - 1).insert('x').build(), { user: 1, client: CLIENT })
  const change: Change = { version, epoch, author: { userId: 'ada', userOrdinal: 1, clientId: CLIENT }, operation, at: 1_700_000_000_000 + version }
  return { version, epoch, clientId: CLIENT, clientSeq: version, userId: 'ada', at: change.at, baseVersion: version - 1, algorithm: 1, format: 1, bytes: encodeChange(change) }
}

const CLIENT = '0000000100000001'

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Appends one after the other, as one busy document makes them. */
async function appends(stores: SqliteStores, id: string, batch: number): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
  const { epoch } = await stores.opLog.claim(key(id), 'calibrate')
  const batches = Array.from({ length: APPENDS }, (_, index) => Array.from({ length: batch }, (_, n) => rowOf(index * batch + n + 1, epoch)))
  const started = performance.now()
  const cpuMs = await cpuOf(async () => {
    for (const [index, rows] of batches.entries()) {
      const outcome = await stores.opLog.append(key(id), epoch, index * batch, rows)
      if (outcome !== 'committed') throw new Error(`an append was ${outcome}`)
    }
  })
  return { cpuMs: cpuMs / APPENDS, wallMs: (performance.now() - started) / APPENDS }
}

/** What the file of a store grows by per operation, written back and closed. */
async function bytesPerRow(): Promise<number> {
  const rows = 20_000
  const directory = mkdtempSync(join(tmpdir(), 'concord-calibrate-'))
  const stores = await openSqliteStores({ directory, runtime: systemRuntime })
  const before = sizeOf(directory)
  for (let document = 0; document < 4; document++) {
    const { epoch } = await stores.opLog.claim(key(`rows-${document}`), 'calibrate')
    for (let head = 0; head < rows / 4; head += 500) {
      await stores.opLog.append(key(`rows-${document}`), epoch, head, Array.from({ length: 500 }, (_, n) => rowOf(head + n + 1, epoch)))
    }
  }
  await stores.close()
  const grown = sizeOf(directory) - before
  rmSync(directory, { recursive: true, force: true })
  return grown / rows
}

function sizeOf(directory: string): number {
  return readdirSync(directory).reduce((sum, file) => sum + (file.endsWith('.db') ? statSync(join(directory, file)).size : 0), 0)
}

/** Writes snapshots of a document, then loads it as an owner does: claim, snapshot, empty tail. */
async function snapshots(stores: SqliteStores, { units, times }: { readonly units: number; readonly times: number }): Promise<{ readonly putMs: number; readonly loadMs: number }> {
  const doc = key(`snapshot-${units}`)
  const parts = partsOf(stores)
  const operation = stamp(new OperationBuilder(0).insert('the quick brown fox jumps over the lazy dog, '.repeat(units / 40).slice(0, units)).build(), { user: 1, client: CLIENT })
  const { epoch } = await stores.opLog.claim(doc, 'calibrate')
  const change: Change = { version: 1, epoch, author: { userId: 'ada', userOrdinal: 1, clientId: CLIENT }, operation, at: 1_700_000_000_000 }
  await stores.opLog.append(doc, epoch, 0, [{ ...rowOf(1, epoch), bytes: encodeChange(change) }])
  const text = DocumentText.empty()
  if (text.apply(operation) !== undefined) throw new Error('the content of the calibration does not fit')
  const putMs = await cpuOf(async () => {
    for (let time = 0; time < times; time++) {
      const writer = new SnapshotWriter(doc, parts, { operations: 1, bytes: 1, isForced: true })
      await writer.write({ version: 1, epoch, text }, { clients: [], users: [], epochs: [] })
    }
  })
  const loadMs = await cpuOf(async () => {
    for (let time = 0; time < times; time++) if ((await loadDocument(doc, parts)).kind === 'damaged') throw new Error('the document of the calibration is damaged')
  })
  return { putMs: putMs / times, loadMs: loadMs / times }
}

function partsOf(stores: SqliteStores): Parts {
  const telemetry = { log: () => undefined, count: () => undefined, observe: () => undefined, gauge: () => undefined }
  return { ...stores, telemetry, runtime: systemRuntime, codec: createDocumentCodec(), limits: resolveLimits(), rules: RULES }
}
