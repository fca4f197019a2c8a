import { compose, type Operation, transform } from '@concord/ot'
import type { Author } from '@concord/protocol'

/** Acknowledged operations are kept this long, so that a promotion that lost them can get them back (R15). */
const KEEP_MS = 10 * 60_000

/** Entries kept whatever their age, at most: about 20 MB of small operations. */
const MAX_ENTRIES = 20_000

/** One committed version, as S saw it. */
export interface Commit {
  readonly version: number
  readonly author: Author
  /** Against `version - 1`. */
  readonly operation: Operation
  /** Milliseconds since 1970, by the server's clock. */
  readonly at: number
  /** For this client's own: its number, and what takes it back, against `version`. */
  readonly own?: { readonly seq: number; readonly inverse: Operation }
}

interface Entry {
  readonly commit: Commit
  /** Monotonic milliseconds at which it was seen. */
  readonly seenAt: number
}

/** The versions a client saw lately, gap-free: for forks (R15), for positions named in an older version, for the feed. */
export class RecentCommits {
  private entries: Entry[] = []
  private start = 0

  add(commit: Commit, now: number): void {
    const last = this.entries.at(-1)
    if (last !== undefined && commit.version !== last.commit.version + 1) this.clear()
    this.entries.push({ commit, seenAt: now })
    this.expire(now)
  }

  /** The history is not known any more: after a content, or a composed group. */
  clear(): void {
    this.entries = []
    this.start = 0
  }

  /** The client id is another now: what was written under the old one is not this client's to resubmit. */
  forgetOwn(): void {
    this.entries = this.entries.map(({ commit: { version, author, operation, at }, seenAt }) => ({ commit: { version, author, operation, at }, seenAt }))
  }

  /** Commits above `version`, in order; undefined when not all of them are kept. `head` is the version of S. */
  after(version: number, head: number): readonly Commit[] | undefined {
    if (version === head) return []
    const first = this.entries[this.start]?.commit.version
    if (first === undefined || version + 1 < first || version > head) return undefined
    return this.entries.slice(this.start + (version + 1 - first)).map((entry) => entry.commit)
  }

  /**
   * What takes S back to a state without this client's own commits above `lastSeq`, others' kept; undefined when there is
   * no such commit. A commit of somebody else that came later passes what was taken back before it.
   */
  undoOwnAfter(lastSeq: number): { readonly undo: Operation; readonly count: number } | undefined {
    let undo: Operation | undefined
    let count = 0
    for (let i = this.start; i < this.entries.length; i++) {
      const { own, operation } = this.entries[i]!.commit
      if (own !== undefined && own.seq > lastSeq) {
        undo = undo === undefined ? own.inverse : compose(own.inverse, undo)
        count++
      } else if (undo !== undefined) undo = transform(operation, undo)[1]
    }
    return undo === undefined ? undefined : { undo, count }
  }

  private expire(now: number): void {
    while (this.start < this.entries.length && this.isExpired(this.entries[this.start]!, now)) this.start++
    if (this.start > 1_024 && this.start * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.start)
      this.start = 0
    }
  }

  private isExpired(entry: Entry, now: number): boolean {
    return now - entry.seenAt > KEEP_MS || this.entries.length - this.start > MAX_ENTRIES
  }
}
