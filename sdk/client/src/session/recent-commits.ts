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
}

/** This client's own: its number, and what takes it back, right after it. */
interface Own {
  readonly seq: number
  readonly inverse: Operation
}

/** One step of S, from the oldest to the newest: a version, or a jump over several of them. */
interface Step {
  readonly operation: Operation
  readonly own: Own | undefined
  /** Absent for a jump. */
  readonly commit: Commit | undefined
  /** Monotonic milliseconds at which it was seen. */
  readonly seenAt: number
}

/**
 * The steps that S made lately, without a gap: to get back what a log lost (R15), and to carry positions that name an older
 * version.
 */
export class RecentCommits {
  private steps: Step[] = []
  private start = 0
  /** Versions can be told apart from here on: below is a jump. */
  private linear = 0

  add(commit: Commit, now: number, own?: Own): void {
    this.push({ operation: commit.operation, own, commit, seenAt: now })
  }

  /** S moved by `operation` without the versions in between: over a composed group, or to a content. */
  jump(operation: Operation, now: number, own?: Own): void {
    // Without an own commit before it nobody will ask for what lies before: a whole content is not kept for nothing.
    if (own === undefined && !this.steps.some((step) => step.own !== undefined)) return this.clear()
    this.push({ operation, own, commit: undefined, seenAt: now })
    this.linear = this.steps.length
  }

  /** What was written above `lastSeq` is pending again, or, under another client id, not this client's to resubmit (0). */
  disown(lastSeq: number): void {
    this.steps = this.steps.map((step) => (step.own !== undefined && step.own.seq > lastSeq ? { ...step, own: undefined } : step))
  }

  /** Commits above `version`, in order; undefined when not all of them are kept. `head` is the version of S. */
  after(version: number, head: number): readonly Commit[] | undefined {
    if (version === head) return []
    const from = Math.max(this.start, this.linear)
    const first = this.steps[from]?.commit?.version
    if (first === undefined || version + 1 < first || version > head) return undefined
    return this.steps.slice(from + (version + 1 - first)).flatMap((step) => step.commit ?? [])
  }

  /**
   * What takes S back to a state without this client's own commits above `lastSeq`, others' kept; undefined when there is
   * no such commit. What came later than a commit passes what takes it back.
   */
  undoOwnAfter(lastSeq: number): { readonly undo: Operation; readonly count: number } | undefined {
    let undo: Operation | undefined
    let count = 0
    for (let i = this.start; i < this.steps.length; i++) {
      const { own, operation } = this.steps[i]!
      if (own !== undefined && own.seq > lastSeq) {
        undo = undo === undefined ? own.inverse : compose(own.inverse, undo)
        count++
      } else if (undo !== undefined) undo = transform(operation, undo)[1]
    }
    return undo === undefined ? undefined : { undo, count }
  }

  private clear(): void {
    this.steps = []
    this.start = 0
    this.linear = 0
  }

  private push(step: Step): void {
    this.steps.push(step)
    while (this.start < this.steps.length && this.isExpired(this.steps[this.start]!, step.seenAt)) this.start++
    if (this.start > 1_024 && this.start * 2 > this.steps.length) {
      this.linear = Math.max(0, this.linear - this.start)
      this.steps = this.steps.slice(this.start)
      this.start = 0
    }
  }

  private isExpired(step: Step, now: number): boolean {
    return now - step.seenAt > KEEP_MS || this.steps.length - this.start > MAX_ENTRIES
  }
}
