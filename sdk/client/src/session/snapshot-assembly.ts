import { type ContentHash, type SnapshotChunk } from '@concord/protocol'
import { DocumentText, lengthAfter, type Operation } from '@concord/ot'

/** A content that arrived whole and as its hash says. */
export interface AssembledContent {
  readonly kind: 'complete'
  readonly text: DocumentText
  readonly version: number
  readonly epoch: number
}

export type AssemblyResult = AssembledContent | { readonly kind: 'more' } | { readonly kind: 'broken' }

/** Puts the chunks of one content together, in order. A chunk out of place, or a wrong hash, breaks it: then it is fetched again. */
export class SnapshotAssembly {
  private readonly chunks: Operation[] = []
  private units = 0
  private of: { readonly version: number; readonly hash: ContentHash } | undefined = undefined

  add(chunk: SnapshotChunk): AssemblyResult {
    this.of ??= { version: chunk.version, hash: chunk.hash }
    if (chunk.offset !== this.units || chunk.version !== this.of.version || chunk.hash !== this.of.hash) return { kind: 'broken' }
    this.chunks.push(chunk.content)
    this.units += lengthAfter(chunk.content)
    if (this.units < chunk.total) return { kind: 'more' }
    const text = DocumentText.fromChunks(this.chunks)
    if (text.length !== chunk.total || text.hash() !== chunk.hash) return { kind: 'broken' }
    return { kind: 'complete', text, version: chunk.version, epoch: chunk.epoch }
  }
}
