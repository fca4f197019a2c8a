import type { ContentHash } from '@concord/protocol'

/**
 * Decides which changes carry the content hash, often enough that divergence is found within 5 s, and remembers the
 * hashes of recent versions, so that what clients report can be compared.
 */
export class HashSchedule {
  private readonly everyOperations: number
  private readonly everyMs: number
  private readonly idleMs: number
  private readonly kept: number
  private readonly hashes = new Map<number, ContentHash>()
  private lastVersion: number
  private lastAt: number
  private lastMarked: number
  /** The last mark found everything as the one before it. */
  private isQuiet = false

  constructor(options: { readonly everyOperations: number; readonly everyMs: number; readonly idleMs: number; readonly kept: number }, version: number, now: number) {
    this.everyOperations = options.everyOperations
    this.everyMs = options.everyMs
    this.idleMs = options.idleMs
    this.kept = options.kept
    this.lastVersion = version
    this.lastMarked = version
    this.lastAt = now
  }

  /** Whether the change that becomes `version` should carry a hash. */
  isDue(version: number, now: number): boolean {
    return version - this.lastVersion >= this.everyOperations || now - this.lastAt >= this.everyMs
  }

  /**
   * Whether the head should be told by a mark: changes came since the last one, and have stopped. Also when the last of them
   * carried a hash: who lost just that one would not hear of it before the next edit. And once more a while later although
   * nothing changed, because a copy that goes bad in memory makes no sound; then silence, so that idle sessions can end.
   */
  isMarkDue(head: number, now: number): boolean {
    const quietMs = now - this.lastAt
    return head > this.lastMarked ? quietMs >= this.everyMs : !this.isQuiet && quietMs >= this.idleMs
  }

  marked(version: number): void {
    this.isQuiet = version === this.lastMarked
    this.lastMarked = version
  }

  /** Somebody came who was told nothing yet. */
  joined(): void {
    this.isQuiet = false
  }

  told(version: number, hash: ContentHash, now: number): void {
    this.lastVersion = version
    this.lastAt = now
    this.hashes.set(version, hash)
    if (this.hashes.size <= this.kept) return
    const [oldest] = this.hashes.keys()
    if (oldest !== undefined) this.hashes.delete(oldest)
  }

  hashAt(version: number): ContentHash | undefined {
    return this.hashes.get(version)
  }
}
