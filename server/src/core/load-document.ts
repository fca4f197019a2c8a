import { DocumentText, NO_LIMITS, type Operation, validate } from '@concord/ot'
import { type Change, Malformed, type WireError } from '@concord/protocol'
import { type DocumentKey, keyText, LogDamaged, type LogRecord, type StoredSnapshot } from '../ports/index.ts'
import type { WindowEntry } from './change-window.ts'
import type { ClientEntry, DocumentCodec, SnapshotState } from './document-codec.ts'
import { wireError } from './failures.ts'
import type { Parts } from './parts.ts'
import type { DocumentStart } from './sequencer.ts'

export interface LoadedDocument extends DocumentStart {
  readonly kind: 'loaded'
  /** Operations and bytes replayed on top of the snapshot. */
  readonly tailOperations: number
  readonly tailBytes: number
  /** A snapshot was bad: another is due. */
  readonly needsSnapshot: boolean
}

/** The store says something that cannot be: nobody edits until an operator has looked. */
export interface DamagedDocument {
  readonly kind: 'damaged'
  readonly error: WireError
  /** For the log, not for the wire. */
  readonly cause: string
}

/** Claims a document and brings it to its head: the newest good snapshot, then the log. Rejects with StorageUnavailable. */
export async function loadDocument(doc: DocumentKey, parts: Parts): Promise<LoadedDocument | DamagedDocument> {
  try {
    return await load(doc, parts)
  } catch (error) {
    // The store answers, and what it has is broken: asking again would not help.
    if (error instanceof LogDamaged) return damaged(`row ${error.version}: ${error.message}`)
    throw error
  }
}

async function load(doc: DocumentKey, parts: Parts): Promise<LoadedDocument | DamagedDocument> {
  const { opLog, runtime } = parts
  const { epoch, head } = await opLog.claim(doc, nonce(runtime.random.bytes(16)))
  const starts = await opLog.epochStarts(doc)
  const base = await goodSnapshot(doc, head, parts)
  const replay = new Replay(base, parts)
  const cause = await replayLog(doc, replay, head, parts)
  if (cause !== undefined) return damaged(cause)
  const { text, recent, tailBytes } = replay
  const state = { ...replay.state(), epochs: starts }
  return { kind: 'loaded', epoch, head, text, state, recent, tailOperations: head - base.version, tailBytes, needsSnapshot: base.skipped > 0 }
}

/** Content and bookkeeping at a version, from a snapshot. */
export interface Base {
  readonly version: number
  readonly text: DocumentText
  readonly state: SnapshotState
  /** Bad snapshots passed over. */
  readonly skipped: number
}

/** The newest snapshot at or below a version that passes every check; the empty document when there is none. */
export async function goodSnapshot(doc: DocumentKey, atMost: number, parts: Parts): Promise<Base> {
  let skipped = 0
  for (let limit = atMost; limit >= 0; ) {
    const found = await parts.snapshots.latest(doc, limit)
    if (found === undefined) break
    const version = 'corrupt' in found ? found.corrupt : found.version
    const base = 'corrupt' in found ? 'fails its checksum' : decodeSnapshot(found, parts)
    if (typeof base !== 'string') return { ...base, skipped }
    parts.telemetry.log('error', 'a snapshot is bad and passed over', { document: keyText(doc), version, cause: base })
    skipped++
    limit = version - 1
  }
  return { version: 0, text: DocumentText.empty(), state: { clients: [], users: [], epochs: [] }, skipped }
}

function decodeSnapshot(stored: StoredSnapshot, { codec, rules }: Parts): Omit<Base, 'skipped'> | string {
  if (stored.format !== codec.snapshotFormat) return `has format ${stored.format}, this build reads ${codec.snapshotFormat}`
  const state = codec.decodeSnapshotState(stored.state)
  if (state instanceof Malformed) return 'has malformed state'
  const text = textOf(stored.chunks, codec)
  if (text === undefined) return 'has malformed content'
  if (text.length !== stored.length || !rules.isIntact(text.hash(), stored.hash)) return 'has other content than it says'
  return { version: stored.version, text, state }
}

function textOf(chunks: readonly Uint8Array[], codec: DocumentCodec): DocumentText | undefined {
  const contents: Operation[] = []
  for (const chunk of chunks) {
    const content = codec.decodeContent(chunk)
    if (content instanceof Malformed || validate(content, NO_LIMITS) !== undefined) return undefined
    contents.push(content)
  }
  try {
    return DocumentText.fromChunks(contents)
  } catch {
    return undefined
  }
}

/** Reads (from, to] in pages and hands each change over; returns what is wrong with the log, if anything is. */
export async function readChanges(
  doc: DocumentKey,
  from: number,
  to: number,
  parts: Parts,
  take: (change: Change, record: LogRecord) => string | undefined,
): Promise<string | undefined> {
  for (let after = from; after < to; ) {
    const page = await parts.opLog.read(doc, after, Math.min(parts.limits.pageOperations, to - after), parts.limits.pageBytes)
    if (page.length === 0) return `the log ends at ${after}, before ${to}`
    for (const record of page) {
      const change = parts.codec.changeOf(record)
      if (change instanceof Malformed) return `row ${record.version} is malformed`
      if (record.version !== after + 1 || change.version !== record.version) return `row ${after + 1} is missing`
      const problem = take(change, record)
      if (problem !== undefined) return problem
      after++
    }
  }
  return undefined
}

function replayLog(doc: DocumentKey, replay: Replay, head: number, parts: Parts): Promise<string | undefined> {
  return readChanges(doc, replay.version, head, parts, (change, record) => replay.take(change, record))
}

/** Content and bookkeeping as the log moves them. */
class Replay {
  version: number
  tailBytes = 0
  readonly text: DocumentText
  readonly recent: WindowEntry[] = []
  private readonly maxRecent: number
  private readonly clients = new Map<string, ClientEntry>()
  private readonly users = new Map<string, number>()

  constructor(base: Base, parts: Parts) {
    this.version = base.version
    this.text = base.text
    this.maxRecent = parts.limits.windowOperations
    for (const entry of base.state.clients) this.clients.set(entry.clientId, entry)
    for (const { userId, ordinal } of base.state.users) this.users.set(userId, ordinal)
  }

  take(change: Change, record: LogRecord): string | undefined {
    const failure = this.text.apply(change.operation)
    if (failure !== undefined) return `row ${change.version} does not fit the content before it`
    if (change.hash !== undefined && change.hash !== this.text.hash()) return `the content after row ${change.version} has another hash than the row says`
    const { userId, userOrdinal, clientId } = change.author
    this.clients.set(clientId, { clientId, userOrdinal, lastSeq: record.clientSeq, version: change.version, at: change.at })
    this.users.set(userId, userOrdinal)
    this.version = change.version
    this.tailBytes += record.bytes.length
    this.recent.push({ change, seq: record.clientSeq, size: record.bytes.length, frame: undefined })
    if (this.recent.length >= 2 * this.maxRecent) this.recent.splice(0, this.recent.length - this.maxRecent)
    return undefined
  }

  state(): Omit<SnapshotState, 'epochs'> {
    return { clients: [...this.clients.values()], users: Array.from(this.users, ([userId, ordinal]) => ({ userId, ordinal })) }
  }
}

function damaged(cause: string): DamagedDocument {
  return { kind: 'damaged', cause, error: wireError('DATA_LOSS', 'The stored document fails its checks and is set aside. An operator must repair it.') }
}

/** Tells claimants of one epoch apart. */
function nonce(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
