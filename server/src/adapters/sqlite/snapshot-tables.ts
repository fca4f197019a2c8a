import { createHash, randomInt } from 'node:crypto'
import type { Hash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { DocumentKey } from '../../ports/index.ts'
import { ByteReader } from './byte-reader.ts'
import type { GotSlice, PutSlice, SnapshotFound } from './messages.ts'
import { packBytes, unpackBytes } from './packed-record.ts'
import { troubleOf } from './sqlite-error.ts'

/** Bytes of chunks read before other work gets its turn. */
const SLICE_BYTES = 4 * 1024 * 1024

interface Putting {
  readonly part: number
  readonly hash: Hash
  readonly state: Uint8Array
}

interface Reading {
  readonly doc: DocumentKey
  readonly found: SnapshotFound
  readonly part: number
  readonly chunkCount: number
  readonly hash: Hash
  next: number
}

/** A slice of a `put` whose bytes went into the checksum, ready to be written once or, after a rollback, again. */
export interface PreparedSlice {
  readonly slice: PutSlice
  readonly part: number
  readonly chunks: readonly Uint8Array[]
  /** With the last slice. */
  readonly ending?: { readonly state: Uint8Array; readonly checksum: string }
}

/** The snapshot tables. Snapshots cross in slices; what is under way is remembered by the number its caller gave it. */
export class SnapshotTables {
  readonly #puttings = new Map<number, Putting>()
  readonly #readings = new Map<number, Reading>()
  readonly #insertChunk: StatementSync
  readonly #insertHead: StatementSync
  readonly #sweep: StatementSync
  readonly #prune: StatementSync
  readonly #latest: StatementSync
  readonly #chunks: StatementSync
  readonly #still: StatementSync

  constructor(database: DatabaseSync) {
    const key = 'tenant = ? AND doc_id = ?'
    this.#insertChunk = database.prepare('INSERT INTO snapshot_chunk VALUES (?, ?, ?, ?, ?, ?)')
    this.#insertHead = database.prepare('INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#sweep = database.prepare(
      `DELETE FROM snapshot_chunk WHERE ${key} AND NOT EXISTS (SELECT 1 FROM snapshot s WHERE s.tenant = snapshot_chunk.tenant
       AND s.doc_id = snapshot_chunk.doc_id AND s.version = snapshot_chunk.version AND s.part = snapshot_chunk.part)`,
    )
    this.#prune = database.prepare(
      `DELETE FROM snapshot WHERE ${key} AND version NOT IN (SELECT version FROM snapshot WHERE ${key} ORDER BY version DESC LIMIT ?)`,
    )
    this.#latest = database.prepare(`SELECT * FROM snapshot WHERE ${key} AND version <= ? ORDER BY version DESC LIMIT 1`)
    this.#chunks = database.prepare(`SELECT bytes FROM snapshot_chunk WHERE ${key} AND version = ? AND part = ? AND ordinal >= ? ORDER BY ordinal`)
    this.#still = database.prepare(`SELECT 1 FROM snapshot WHERE ${key} AND version = ? AND part = ?`)
  }

  /** Takes a slice in, once: outside the transaction, because a hash cannot be rolled back. */
  prepare(slice: PutSlice): PreparedSlice {
    const putting = this.#putting(slice)
    const chunks = unpackBytes(new ByteReader(slice.chunks))
    for (const chunk of chunks) putting.hash.update(chunk)
    const { part, state } = putting
    if (slice.head === undefined) return { slice, part, chunks }
    this.#puttings.delete(slice.putting)
    return { slice, part, chunks, ending: { state, checksum: putting.hash.digest('hex') } }
  }

  /** Inside a transaction. Until its last slice a snapshot does not exist; chunks of one that broke off are swept away. */
  write({ slice, part, chunks, ending }: PreparedSlice): undefined {
    const { doc, version, head } = slice
    for (const [index, chunk] of chunks.entries()) {
      this.#insertChunk.run(doc.tenant, doc.id, version, part, slice.firstOrdinal + index, chunk)
    }
    if (head === undefined || ending === undefined) return
    const { epoch, hash, format, length, chunkCount } = head
    this.#insertHead.run(doc.tenant, doc.id, version, part, epoch, hash, format, length, ending.state, chunkCount, ending.checksum)
    this.#sweep.run(doc.tenant, doc.id)
  }

  /** Inside a transaction. */
  prune(doc: DocumentKey, keep: number): undefined {
    this.#prune.run(doc.tenant, doc.id, doc.tenant, doc.id, Math.max(1, keep))
    this.#sweep.run(doc.tenant, doc.id)
  }

  /** The next slice of what `reading` names; its first call finds the snapshot. */
  get(reading: number, doc: DocumentKey, atMost: number): GotSlice {
    const current = this.#readings.get(reading) ?? this.#begin(reading, doc, atMost)
    if (current === undefined) return { kind: 'none' }
    try {
      return this.#slice(reading, current)
    } catch (error) {
      this.#readings.delete(reading)
      if (troubleOf(error) !== 'damage') throw error
      return { kind: 'corrupt', version: current.found.version }
    }
  }

  /** Puts and readings under way. */
  get transfers(): number {
    return this.#puttings.size + this.#readings.size
  }

  /** A put or a reading that its caller gave up. */
  forget(transfer: number): undefined {
    this.#puttings.delete(transfer)
    this.#readings.delete(transfer)
  }

  #putting(slice: PutSlice): Putting {
    const known = this.#puttings.get(slice.putting)
    if (known !== undefined) return known
    const { state } = slice
    if (state === undefined) throw new Error(`Slice ${slice.firstOrdinal} of put ${slice.putting} came without its beginning`)
    const begun = { part: randomInt(2 ** 47), hash: createHash('sha256').update(state), state }
    this.#puttings.set(slice.putting, begun)
    return begun
  }

  #begin(reading: number, doc: DocumentKey, atMost: number): Reading | undefined {
    const row = this.#latest.get(doc.tenant, doc.id, atMost)
    if (row === undefined) return undefined
    const found = {
      version: row['version'] as number,
      epoch: row['epoch'] as number,
      hash: row['hash'] as string,
      format: row['format'] as number,
      length: row['length'] as number,
      state: row['state'] as Uint8Array,
      checksum: row['checksum'] as string,
    }
    const hash = createHash('sha256').update(found.state)
    const begun = { doc, found, part: row['part'] as number, chunkCount: row['chunk_count'] as number, hash, next: 0 }
    this.#readings.set(reading, begun)
    return begun
  }

  #slice(reading: number, current: Reading): GotSlice {
    const chunks = this.#fetch(current)
    for (const chunk of chunks) current.hash.update(chunk)
    current.next += chunks.length
    const done = current.next >= current.chunkCount
    if (!done && chunks.length > 0) return { kind: 'slice', chunks: packBytes(chunks) }
    this.#readings.delete(reading)
    const { doc, found, part } = current
    if (!done && this.#still.get(doc.tenant, doc.id, found.version, part) === undefined) return { kind: 'gone' }
    if (!done || current.hash.digest('hex') !== found.checksum) return { kind: 'corrupt', version: found.version }
    return { kind: 'slice', chunks: packBytes(chunks), found }
  }

  #fetch({ doc, found, part, next }: Reading): Uint8Array[] {
    const chunks: Uint8Array[] = []
    let size = 0
    for (const row of this.#chunks.iterate(doc.tenant, doc.id, found.version, part, next)) {
      const bytes = row['bytes'] as Uint8Array
      chunks.push(bytes)
      size += bytes.length
      if (size >= SLICE_BYTES) break
    }
    return chunks
  }
}
