import type { DocumentKey, SnapshotStore, StoredSnapshot } from '../../ports/index.ts'
import { keyText } from '../../ports/index.ts'
import { snapshotChecksum } from '../snapshot-checksum.ts'
import type { MemoryData } from './memory-data.ts'
import type { MemoryGate } from './memory-gate.ts'

export class MemorySnapshotStore implements SnapshotStore {
  readonly #data: MemoryData
  readonly #gate: MemoryGate

  constructor(data: MemoryData, gate: MemoryGate) {
    this.#data = data
    this.#gate = gate
  }

  async put(doc: DocumentKey, snapshot: StoredSnapshot): Promise<void> {
    this.#gate.write()
    const others = this.#stored(doc).filter((stored) => stored.version !== snapshot.version)
    const own = {
      ...snapshot,
      state: snapshot.state.slice(),
      chunks: snapshot.chunks.map((chunk) => chunk.slice()),
      checksum: snapshotChecksum(snapshot),
    }
    this.#data.snapshots.set(keyText(doc), [...others, own].sort((a, b) => a.version - b.version))
  }

  async latest(doc: DocumentKey, atMost: number): Promise<StoredSnapshot | { readonly corrupt: number } | undefined> {
    this.#gate.read()
    const found = this.#stored(doc).findLast((stored) => stored.version <= atMost)
    if (found === undefined) return undefined
    return snapshotChecksum(found) === found.checksum ? found : { corrupt: found.version }
  }

  async prune(doc: DocumentKey, keep: number): Promise<void> {
    this.#gate.write()
    this.#data.snapshots.set(keyText(doc), this.#stored(doc).slice(-Math.max(1, keep)))
  }

  async close(): Promise<void> {}

  #stored(doc: DocumentKey): readonly StoredSnapshot[] {
    return this.#data.snapshots.get(keyText(doc)) ?? []
  }
}
