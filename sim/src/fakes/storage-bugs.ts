/** Planted bugs of the store, for tests of the checkers. Looked at whenever they might show. */
export interface StorageBugs {
  /** Heads and pages of the log are older than they should be, now and then. */
  readonly staleRead?: boolean
  /** Appends look neither at the epoch nor at the head: the last writer of a version wins. */
  readonly fenceOff?: boolean
  /** Appends are answered `committed` without being written, now and then. */
  readonly lostAppend?: boolean
  /** The bit that flips in a snapshot flips before the store makes its checksum: only the content's own hash can tell. */
  readonly unseenDamage?: boolean
}
