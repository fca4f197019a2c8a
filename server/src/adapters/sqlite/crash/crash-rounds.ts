import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { systemRuntime } from '@concord/runtime'
import type { LogRecord, StoredSnapshot } from '../../../ports/index.ts'
import { openSqliteStores } from '../open-sqlite-stores.ts'
import type { SqliteStores } from '../open-sqlite-stores.ts'
import { DOCUMENTS, crashDocument, crashRecord, crashSnapshot } from './crash-data.ts'

/** What the killed process said that it had been promised. */
export interface Promised {
  /** By document, then version. */
  readonly records: readonly Map<number, LogRecord>[]
  /** Versions by document. */
  readonly snapshots: readonly Set<number>[]
  lines: number
}

export function nothingPromised(): Promised {
  return {
    records: Array.from({ length: DOCUMENTS }, () => new Map<number, LogRecord>()),
    snapshots: Array.from({ length: DOCUMENTS }, () => new Set<number>()),
    lines: 0,
  }
}

const WRITER = fileURLToPath(new URL('./crash-writer.ts', import.meta.url))

/**
 * Starts a writer and kills it (SIGKILL) `delayMs` after it said its `afterLines`th line: a moment that no code of it can
 * foresee. Adds what it was promised.
 */
export async function killRound(directory: string, round: number, afterLines: number, delayMs: number, promised: Promised): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=source', WRITER, directory, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)))
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    note(line, round, promised)
    seen += 1
    if (seen === afterLines) setTimeout(() => child.kill('SIGKILL'), delayMs)
  }
  const signal = await ended
  if (signal !== 'SIGKILL') throw new Error(`The writer ended by itself after ${seen} lines: ${complaints}`)
}

function note(line: string, round: number, promised: Promised): void {
  const [what, ...numbers] = line.split(' ')
  const [n, version, count, epoch] = numbers.map(Number)
  // The last line may be cut: a promise that nobody heard.
  const isWhole = numbers.length === { claimed: 2, committed: 4, snapshot: 2 }[what!]
  if (!isWhole) return
  promised.lines += 1
  if (what === 'snapshot') promised.snapshots[n!]!.add(version!)
  if (what !== 'committed') return
  for (let v = version! - count! + 1; v <= version!; v += 1) promised.records[n!]!.set(v, crashRecord(n!, v, epoch!, round))
}

/** Opens the folder as after a restart and holds it against the promises. @returns complaints; none means that all is well */
export async function checkPromises(directory: string, promised: Promised): Promise<string[]> {
  const stores = await openSqliteStores({ directory, runtime: systemRuntime })
  const complaints: string[] = []
  for (let n = 0; n < DOCUMENTS; n += 1) {
    const { version: head } = await stores.opLog.head(crashDocument(n))
    const log = await stores.opLog.read(crashDocument(n), 0, 1e9, 1e12)
    if (log.length !== head) complaints.push(`document ${n}: head ${head}, but ${log.length} records`)
    complaints.push(...checkLog(n, log), ...checkRecords(n, log, promised.records[n]!), ...(await checkSnapshot(stores, n, head, promised.snapshots[n]!)))
  }
  await stores.close()
  return complaints
}

/** A valid prefix: versions from 1 without gaps, each record whole and made for its place, epochs never going back. */
function checkLog(n: number, log: readonly LogRecord[]): string[] {
  const complaints: string[] = []
  for (const [index, record] of log.entries()) {
    const before = log[index - 1]
    if (record.version !== index + 1) complaints.push(`document ${n}: version ${record.version} at place ${index + 1}`)
    if (!isSame(record, crashRecord(n, index + 1, record.epoch, record.clientSeq))) complaints.push(`document ${n}: version ${index + 1} is not what was written`)
    if (before !== undefined && before.epoch > record.epoch) complaints.push(`document ${n}: epoch ${record.epoch} after ${before.epoch} at version ${record.version}`)
  }
  return complaints
}

function checkRecords(n: number, log: readonly LogRecord[], promised: ReadonlyMap<number, LogRecord>): string[] {
  return [...promised].flatMap(([version, record]) => {
    const found = log[version - 1]
    if (found === undefined) return [`document ${n}: acknowledged version ${version} is lost`]
    return isSame(found, record) ? [] : [`document ${n}: acknowledged version ${version} is another record now`]
  })
}

/** Snapshots are pruned, so the newest that was promised bounds the one that is there. */
async function checkSnapshot(stores: SqliteStores, n: number, head: number, promised: ReadonlySet<number>): Promise<string[]> {
  const found = await stores.snapshots.latest(crashDocument(n), Number.MAX_SAFE_INTEGER)
  const newest = Math.max(0, ...promised)
  if (found === undefined) return newest === 0 ? [] : [`document ${n}: snapshot ${newest} is lost`]
  if ('corrupt' in found) return [`document ${n}: snapshot ${found.corrupt} is corrupt`]
  if (found.version < newest || found.version > head) return [`document ${n}: snapshot ${found.version}, promised ${newest}, head ${head}`]
  const made = crashSnapshot(n, found.version, found.epoch)
  const isWhole = (snapshot: StoredSnapshot): boolean => Buffer.concat(snapshot.chunks).equals(Buffer.concat(made.chunks))
  return isWhole(found) ? [] : [`document ${n}: snapshot ${found.version} is not what was put`]
}

function isSame(a: LogRecord, b: LogRecord): boolean {
  const { bytes, submitted, ...fields } = a
  const { bytes: otherBytes, submitted: otherSubmitted, ...otherFields } = b
  return JSON.stringify(fields) === JSON.stringify(otherFields) && isEqual(bytes, otherBytes) && isEqual(submitted, otherSubmitted)
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.from(a).equals(b)
}
