import { DocumentText, type Operation, type Range } from '@concord/ot'
import type { ClientId, Opened } from '@concord/protocol'
import { Branch } from './branch.ts'
import type { ChangeEvent, DivergedEvent, Effect, SessionStatus } from './effects.ts'
import { RecentCommits } from './recent-commits.ts'
import { type Rules, RULES } from './rules.ts'
import type { SnapshotAssembly } from './snapshot-assembly.ts'
import type { StoredBranch } from './stored-branch.ts'
import { UndoHistory } from './undo-history.ts'

export interface SessionOptions {
  /** For tests of the rules; production never passes another. */
  readonly rules?: Rules
  /** What the device kept of this document. */
  readonly stored?: StoredBranch
  /** Least time between submits in milliseconds, 0 to 50; the server's notice widens it. */
  readonly paceMs?: number
  /** Local edits closer than this many milliseconds are one step of undo. */
  readonly undoGroupMs?: number
}

/** Where the stream stands. Only `live` submits: what is queued behind `opened` may hold composed groups (R4). */
export type Phase =
  | { readonly kind: 'detached' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'content'; readonly opened: Opened; readonly assembly: SnapshotAssembly }
  | { readonly kind: 'catching_up'; readonly opened: Opened }
  | { readonly kind: 'live'; readonly opened: Opened }
  | { readonly kind: 'ended' }

/** What is known of the submit without a decision; its operation is in the branch. */
export interface Flight {
  readonly seq: number
  /** Local edits that are decided with it. */
  readonly edits: number
}

/** Why the content is not trusted. */
export type Distrust = DivergedEvent['reason']

/** Times in {@link COMEBACK_MS} milliseconds that a session which was replaced comes back. */
const COMEBACKS = 3
const COMEBACK_MS = 60_000

/**
 * What one session knows: the fields that the handlers beside this file work on, one file for each kind of input. It
 * holds no rule; {@link SessionState} is its face.
 */
export class Session {
  readonly rules: Rules
  readonly branch: Branch
  readonly history: UndoHistory
  readonly recent = new RecentCommits()
  phase: Phase = { kind: 'detached' }
  flight: Flight | undefined
  clientId: ClientId | undefined
  userId: string | undefined
  /** Highest sequence number used. */
  lastSeq: number
  /** Version of S; only the stream moves it (R1). */
  version: number
  /** Epoch that wrote that version. */
  epoch: number
  /** Set while the content is to be replaced (R6). */
  distrust: Distrust | undefined = undefined
  /** Local edits made since the start, and those of them that are decided. */
  edits: number
  settledEdits = 0
  /** Refusals in a row that may be tried again. */
  retries = 0
  /** Milliseconds between submits: the application's wish, and the server's. */
  readonly ownPaceMs: number
  serverPaceMs = 0
  /** Monotonic milliseconds before which nothing is submitted. */
  earliestSubmit = 0
  submitTimer = false
  progressTimer = false
  /** Version last told to the server. */
  toldVersion = 0
  /** While catching up: places of what is shown that both sides touched. */
  merged: Range[] = []
  /** Monotonic milliseconds at which the session was replaced lately (R2). */
  private replacedAt: number[] = []
  facts: Pick<SessionStatus, 'role' | 'title' | 'durability' | 'degradation'> = { role: undefined, title: '', durability: undefined, degradation: 0 }

  constructor(options: SessionOptions) {
    const stored = options.stored
    this.rules = options.rules ?? RULES
    this.branch = new Branch(stored?.content.snapshot() ?? DocumentText.empty(), stored?.inFlight?.operation, stored?.buffer, !this.rules.dropsEmpty)
    this.flight = stored?.inFlight === undefined ? undefined : { seq: stored.inFlight.seq, edits: 0 }
    this.history = new UndoHistory(options.undoGroupMs ?? 500)
    this.ownPaceMs = Math.min(50, Math.max(0, options.paceMs ?? 0))
    this.clientId = stored?.clientId
    this.userId = stored?.userId
    this.lastSeq = stored?.lastSeq ?? 0
    this.version = stored?.version ?? 0
    this.epoch = stored?.epoch ?? 0
    this.edits = this.branch.hasPending ? 1 : 0
  }

  /**
   * Whether to open again after the session was replaced (R2). An own open that the network delayed replaces its successor,
   * and coming back puts that right; against another tab with the same branch it would never end, so it stops soon.
   */
  mayComeBack(now: number): boolean {
    this.replacedAt = [...this.replacedAt.filter((at) => now - at < COMEBACK_MS), now]
    return this.replacedAt.length <= COMEBACKS
  }

  /** What is shown changed, not by a local edit: the undo steps pass it, the application hears of it. */
  showChange(change: ChangeEvent): Effect[] {
    if (change.operation.components.length === 0) return []
    this.history.changed(change.operation)
    return [{ kind: 'change', ...change }]
  }

  /** Everything local is decided when nothing is pending, whichever way it went. */
  settle(edits: number): void {
    this.settledEdits = this.branch.hasPending ? Math.max(this.settledEdits, edits) : this.edits
  }

  /** Gives the branch up for the server's content: the state path begins (R6). */
  distrustContent(reason: Distrust): Effect[] {
    this.distrust = reason
    this.phase = { kind: 'detached' }
    return [{ kind: 'diverged', reason, version: this.version, resubmitted: 0 }, { kind: 'reopen' }]
  }

  /** The stream is of no use, the content is: open again from the same version (R1). */
  openAgain(): Effect[] {
    this.phase = { kind: 'detached' }
    return [{ kind: 'reopen' }]
  }

  /** Undo and redo stand on something that was taken away (R9). */
  clearUndo(): void {
    if (this.rules.clearUndoOnReject) this.history.clear()
  }

  handedBack(operation: Operation) {
    return { operation, base: this.branch.confirmed.snapshot(), version: this.version, choices: ['copy', 'export', 'drop'] as const }
  }
}
