import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { systemRuntime } from '@concord/runtime'
import type { DocumentKey, LogRecord } from '../../ports/index.ts'
import { aRecord } from '../../../contract/harness.ts'
import type { SqliteStores } from './open-sqlite-stores.ts'
import { openSqliteStores } from './open-sqlite-stores.ts'
import { removeFolder, temporaryFolder } from './testing.ts'

/**
 * Durable appends per second at the port, and how fast pages come back. Run: `node --conditions=source
 * server/src/adapters/sqlite/append.bench.ts [--writers 100] [--documents 100] [--seconds 5] [--records 1]`. Each writer
 * keeps one append in flight, on a document of its own at any time, as sequencers do.
 */
interface Load {
  readonly writers: number
  readonly documents: number
  readonly seconds: number
  readonly records: number
}

interface Owned {
  readonly doc: DocumentKey
  readonly epoch: number
  head: number
}

const PAYLOAD = new Uint8Array(24).fill(7)

async function own(stores: SqliteStores, count: number): Promise<Owned[]> {
  const docs = Array.from({ length: count }, (_, n) => ({ tenant: 'local', id: `document-${n}` }))
  return Promise.all(docs.map(async (doc) => ({ doc, ...(await stores.opLog.claim(doc, 'bench')) })))
}

/** Takes a free document, appends to it, gives it back; until the time is over. */
async function write(stores: SqliteStores, free: Owned[], load: Load, until: number, latencies: number[]): Promise<void> {
  while (performance.now() < until) {
    const owned = free.shift()!
    const records: LogRecord[] = []
    for (let n = 1; n <= load.records; n += 1) records.push(aRecord(owned.head + n, owned.epoch, { bytes: PAYLOAD }))
    const started = performance.now()
    const outcome = await stores.opLog.append(owned.doc, owned.epoch, owned.head, records)
    if (outcome !== 'committed') throw new Error(`An append of the bench was ${outcome}`)
    latencies.push(performance.now() - started)
    owned.head += load.records
    free.push(owned)
  }
}

async function benchAppends(load: Load): Promise<void> {
  const directory = temporaryFolder()
  const stores = await openSqliteStores({ directory, runtime: systemRuntime })
  const free = await own(stores, load.documents)
  const latencies: number[] = []
  const before = await stores.inspect()
  const started = performance.now()
  const cpuBefore = process.cpuUsage()
  await Promise.all(Array.from({ length: load.writers }, () => write(stores, free, load, started + load.seconds * 1_000, latencies)))
  const seconds = (performance.now() - started) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  const after = await stores.inspect()
  latencies.sort((a, b) => a - b)
  const commits = after.commits - before.commits
  print(`appends, ${load.writers} writers, ${load.documents} documents, ${load.records} record(s) each`, {
    'operations/s': Math.round((latencies.length * load.records) / seconds),
    'p50 ms': at(latencies, 0.5),
    'p99 ms': at(latencies, 0.99),
    'max ms': at(latencies, 1),
    'commits (one fsync each, more at checkpoints)': commits,
    'appends per commit': (latencies.length / commits).toFixed(1),
    'CPU seconds per second': ((cpu.user + cpu.system) / 1e6 / seconds).toFixed(2),
  })
  await stores.close()
  removeFolder(directory)
}

async function benchReads(count: number): Promise<void> {
  const directory = temporaryFolder()
  const stores = await openSqliteStores({ directory, runtime: systemRuntime })
  const doc = { tenant: 'local', id: 'long' }
  const { epoch } = await stores.opLog.claim(doc, 'bench')
  const step = 10_000
  for (let head = 0; head < count; head += step) {
    const batch = Array.from({ length: step }, (_, n) => aRecord(head + n + 1, epoch, { bytes: PAYLOAD }))
    await stores.opLog.append(doc, epoch, head, batch)
  }
  await stores.close()
  const opening = performance.now()
  const again = await openSqliteStores({ directory, runtime: systemRuntime })
  const opened = performance.now()
  const head = await again.opLog.head(doc)
  const tail = await again.opLog.read(doc, head.version - 2_000, 2_000, 1e9)
  const tailed = performance.now()
  const all = await again.opLog.read(doc, 0, count, 1e9)
  const done = performance.now()
  if (tail.length !== 2_000 || all.length !== count) throw new Error('The bench read less than it wrote')
  print(`reads, a log of ${count} records`, {
    'open store ms': (opened - opening).toFixed(1),
    'cold: head and tail of 2,000, ms': (tailed - opened).toFixed(1),
    'whole log in one page, ms': (done - tailed).toFixed(1),
  })
  await again.close()
  removeFolder(directory)
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2)
}

function print(title: string, rows: Readonly<Record<string, string | number>>): void {
  console.log(`${title}\n${Object.entries(rows).map(([name, value]) => `  ${name.padEnd(48)} ${value}`).join('\n')}`)
}

const { values } = parseArgs({
  options: {
    writers: { type: 'string', default: '100' },
    documents: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '5' },
    records: { type: 'string', default: '1' },
    log: { type: 'string', default: '260000' },
  },
})
const model = cpus()[0]?.model ?? readFileSync('/proc/cpuinfo', 'utf8').split('\n')[4]
console.log(`${model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString()}`)
const load = { writers: Number(values.writers), documents: Number(values.documents), seconds: Number(values.seconds), records: Number(values.records) }
await benchAppends(load)
await benchReads(Number(values.log))
