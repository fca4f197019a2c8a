import type { DocumentKey, SnapshotStore, StoredSnapshot } from '../../ports/index.ts'
import { keyText } from '../../ports/index.ts'
import { ByteReader } from './byte-reader.ts'
import type { PutSlice, SnapshotFound } from './messages.ts'
import { packBytes, unpackBytes } from './packed-record.ts'
import type { WorkerLink } from './worker-link.ts'

/** Bytes of chunks written in one transaction: what an append may have to wait for. */
const SLICE_BYTES = 2 * 1024 * 1024

/** Snapshots in SQLite, carried to and from the storage thread in slices so that appends go on between them. */
export class SqliteSnapshotStore implements SnapshotStore {
  readonly #link: WorkerLink
  /** The last change of each document that is under way: changes of one document come one after the other. */
  readonly #changes = new Map<string, Promise<void>>()

  constructor(link: WorkerLink) {
    this.#link = link
  }

  put(doc: DocumentKey, snapshot: StoredSnapshot): Promise<void> {
    return this.#inTurn(doc, () => this.#put(doc, snapshot))
  }

  async latest(doc: DocumentKey, atMost: number): Promise<StoredSnapshot | { readonly corrupt: number } | undefined> {
    for (;;) {
      const found = await this.#read(doc, atMost)
      if (found !== 'gone') return found
    }
  }

  prune(doc: DocumentKey, keep: number): Promise<void> {
    return this.#inTurn(doc, () => this.#link.call('prune', { doc, keep }))
  }

  close(): Promise<void> {
    return this.#link.close()
  }

  async #put(doc: DocumentKey, snapshot: StoredSnapshot): Promise<void> {
    const { version, epoch, hash, format, length, state, chunks } = snapshot
    const putting = this.#link.nextTransfer()
    const head = { version, epoch, hash, format, length, chunkCount: chunks.length }
    try {
      for (let first = 0; first === 0 || first < chunks.length; ) {
        const next = endOfSlice(chunks, first)
        const packed = packBytes(chunks.slice(first, next))
        const slice: PutSlice = {
          putting,
          doc,
          version,
          firstOrdinal: first,
          chunks: packed,
          ...(first === 0 ? { state: state.slice() } : {}),
          ...(next >= chunks.length ? { head } : {}),
        }
        await this.#link.call('putSlice', slice, [packed.buffer])
        first = Math.max(next, 1)
      }
    } catch (error) {
      this.#forget(putting)
      throw error
    }
  }

  async #read(doc: DocumentKey, atMost: number): Promise<StoredSnapshot | { readonly corrupt: number } | undefined | 'gone'> {
    const reading = this.#link.nextTransfer()
    const chunks: Uint8Array[] = []
    let found: SnapshotFound | undefined
    while (found === undefined) {
      const slice = await this.#link.call('getSlice', { reading, doc, atMost })
      if (slice.kind === 'none') return undefined
      if (slice.kind === 'gone') return 'gone'
      if (slice.kind === 'corrupt') return { corrupt: slice.version }
      chunks.push(...unpackBytes(new ByteReader(slice.chunks)))
      found = slice.found
    }
    return { ...found, chunks }
  }

  /** Best effort: the thread that cannot be told has forgotten by itself. */
  #forget(transfer: number): void {
    this.#link.call('forget', { transfer }).catch(() => undefined)
  }

  #inTurn(doc: DocumentKey, change: () => Promise<void>): Promise<void> {
    const key = keyText(doc)
    const before = this.#changes.get(key) ?? Promise.resolve()
    const own = before.then(change, change)
    this.#changes.set(key, own)
    const tidy = (): void => {
      if (this.#changes.get(key) === own) this.#changes.delete(key)
    }
    own.then(tidy, tidy)
    return own
  }
}

/** The index after the last chunk that fits a slice begun at `first`. */
function endOfSlice(chunks: readonly Uint8Array[], first: number): number {
  let end = first
  for (let size = 0; end < chunks.length && size < SLICE_BYTES; end += 1) size += chunks[end]!.length
  return end
}
