import { identity, type Operation } from '@concord/ot'
import type { ContentHash } from '@concord/protocol'
import type { FrameFactory, SharedFrame } from './carrier.ts'
import type { CommittedText } from './sequencer.ts'

/**
 * The content of one version as snapshot frames, made when the first reader gets there and shared by all: a hundred
 * clients that open a large document together cost one encoding.
 */
export class SnapshotFeed {
  readonly version: number
  readonly epoch: number
  readonly hash: ContentHash
  /** Units of the whole. */
  readonly total: number
  private readonly frames: SharedFrame[] = []
  private readonly sizes: number[] = []
  private readonly chunks: Iterator<Operation, void>
  private readonly frame: FrameFactory
  private offset = 0

  constructor({ version, epoch, text }: CommittedText, frame: FrameFactory) {
    this.version = version
    this.epoch = epoch
    this.hash = text.hash()
    this.total = text.length
    this.chunks = text.chunks()
    this.frame = frame
  }

  /** The frame with this index; undefined after the last. An empty document has one, empty frame. */
  at(index: number): { readonly frame: SharedFrame; readonly size: number } | undefined {
    while (this.frames.length <= index) if (!this.makeNext()) return undefined
    return { frame: this.frames[index]!, size: this.sizes[index]! }
  }

  isLast(index: number): boolean {
    return index === this.frames.length - 1 && this.offset >= this.total
  }

  private makeNext(): boolean {
    const { version, epoch, hash, total, offset } = this
    if (offset >= total && this.frames.length > 0) return false
    const content = total === 0 ? identity(0) : (this.chunks.next().value ?? undefined)
    if (content === undefined) throw new Error(`the chunks of version ${version} end at ${offset} of ${total} units`)
    this.frames.push(this.frame({ kind: 'snapshot', snapshot: { version, epoch, hash, offset, total, content } }))
    this.sizes.push(64 + content.text.length)
    this.offset += content.text.length + content.embeds.length
    return true
  }
}
