import { type DocumentKey, keyText } from '../ports/index.ts'
import type { SnapshotState } from './document-codec.ts'
import type { Parts } from './parts.ts'
import type { CommittedText } from './sequencer.ts'

/** Chunks encoded in one turn: about a millisecond of work each. */
const CHUNKS_PER_TURN = 2

/** Decides when a snapshot is due, and writes one at a time without holding up the document. */
export class SnapshotWriter {
  private readonly doc: DocumentKey
  private readonly parts: Parts
  private operations: number
  private bytes: number
  private isForced: boolean
  private running: Promise<void> | undefined

  constructor(doc: DocumentKey, parts: Parts, tail: { readonly operations: number; readonly bytes: number; readonly isForced: boolean }) {
    this.doc = doc
    this.parts = parts
    this.operations = tail.operations
    this.bytes = tail.bytes
    this.isForced = tail.isForced
  }

  /** Whether anything has happened since the last one. */
  get hasTail(): boolean {
    return this.operations > 0 || this.isForced
  }

  get isRunning(): boolean {
    return this.running !== undefined
  }

  committed(operations: number, bytes: number): void {
    this.operations += operations
    this.bytes += bytes
  }

  /** @param length units of the document */
  isDue(length: number): boolean {
    if (this.running !== undefined) return false
    const { limits } = this.parts
    const isLongTail = this.operations > limits.snapshotOperations && this.bytes > length * limits.snapshotShare
    return this.isForced || isLongTail || this.bytes > limits.snapshotBytes
  }

  /** Writes a snapshot. Failure is logged, never fatal: it is a cache of the log. */
  write(content: CommittedText, state: SnapshotState): Promise<void> {
    if (this.running !== undefined) return this.running
    const before = { operations: this.operations, bytes: this.bytes, isForced: this.isForced }
    this.operations = 0
    this.bytes = 0
    this.isForced = false
    this.running = this.put(content, state)
      .catch((error: unknown) => {
        this.operations += before.operations
        this.bytes += before.bytes
        this.isForced ||= before.isForced
        this.parts.telemetry.log('warn', 'a snapshot could not be written', { document: keyText(this.doc), version: content.version, cause: String(error) })
      })
      .finally(() => {
        this.running = undefined
      })
    return this.running
  }

  private async put({ version, epoch, text }: CommittedText, state: SnapshotState): Promise<void> {
    const { codec, limits, runtime, snapshots, telemetry } = this.parts
    const encodedState = codec.encodeSnapshotState(state)
    const chunks: Uint8Array[] = []
    for (const chunk of text.chunks()) {
      chunks.push(codec.encodeContent(chunk))
      if (chunks.length % CHUNKS_PER_TURN === 0) await new Promise<void>((resolve) => runtime.timers.soon(resolve))
    }
    const snapshot = { version, epoch, hash: text.hash(), format: codec.snapshotFormat, length: text.length, state: encodedState, chunks, checksum: '' }
    await snapshots.put(this.doc, snapshot)
    await snapshots.prune(this.doc, limits.snapshotsKept)
    telemetry.count('snapshots_total')
  }
}
