import type { ClientFrame, ServerFrame, Submit } from '@concord/protocol'
import type { AppendOutcome, CounterName, LogRecord } from '@concord/server/ports'
import type { ConcordError, Document, Operation, TextRun } from '@concord/client'
import type { Plan } from '../plan/plan.ts'
import type { Histories } from './kit/history.ts'

/** Something that a checker may want to know, at the virtual time at which it happened. */
export interface Observations {
  /** A frame left an actor. */
  sent: { readonly actor: string; readonly frame: ClientFrame }
  /** A frame is about to be handed to an actor's client. */
  received: { readonly actor: string; readonly node: string; readonly frame: ServerFrame }
  /** A stream of an actor ended. */
  ended: { readonly actor: string; readonly node: string; readonly reason: string }
  claimed: { readonly node: string; readonly document: string; readonly epoch: number; readonly head: number }
  /** An append was answered by the store (before the node hears of it). `unknown` says nothing about what is in the log. */
  appended: { readonly node: string; readonly document: string; readonly epoch: number; readonly expectedHead: number; readonly records: readonly LogRecord[]; readonly outcome: AppendOutcome }
  /** An actor's hand changed what is shown: unique characters it added and took away. */
  typed: { readonly actor: string; readonly added: ReadonlySet<string>; readonly removed: ReadonlySet<string> }
  /** Characters may be absent from now on, never doubled: a refusal handed them back, a device died before it stored them. */
  excused: { readonly actor: string; readonly characters: Iterable<string>; readonly why: string }
  /** The actor's device died: every character that the actor typed and nobody excused yet may be absent, except those that the device still has. */
  forgotten: { readonly actor: string; readonly kept: ReadonlySet<string> }
  /** A document event of the SDK's surface. */
  committed: { readonly actor: string; readonly clientId: string; readonly version: number; readonly own: boolean }
  /** `mayUndo`: undo or redo is still possible after it, although the refusal was the last thing that happened (R9). */
  rejected: { readonly actor: string; readonly reason: string; readonly planned: boolean; readonly mayUndo: boolean }
  stranded: { readonly actor: string; readonly reason: string; readonly planned: boolean }
  diverged: { readonly actor: string; readonly version: number; readonly reason: string; readonly planned: boolean }
  /** An actor's document ended by itself, or could not be opened. */
  closed: { readonly actor: string; readonly reason: string; readonly planned: boolean }
  /** A status of an actor's document. */
  status: { readonly actor: string; readonly connection: string; readonly pending: number }
  /** The role of a user in a document was changed; `undefined`: revoked. */
  role: { readonly document: string; readonly user: string; readonly role: string | undefined }
  /** The answer to a hostile actor's message: `reason` of an error, or what else came. `submit`: the message, when it was one. */
  answered: { readonly actor: string; readonly trick: string; readonly reason: string; readonly expected: readonly string[]; readonly submit?: Submit }
  /** A server wrote a warning or an error to its log. `cause` may be empty. */
  logged: { readonly node: string; readonly level: 'warn' | 'error'; readonly message: string; readonly cause: string }
  counted: { readonly node: string; readonly metric: CounterName; readonly by: number }
  /** A planned event takes place. */
  event: { readonly id: string; readonly kind: string }
  /** Largest number of anything that waits in one place (frames for a session, operations of a document). */
  queue: { readonly node: string; readonly what: string; readonly length: number; readonly limit: number }
}

export type ObservationKind = keyof Observations

/** What one checker hears of. */
export type Observe = { readonly [Kind in ObservationKind]?: (seen: Observations[Kind]) => void }

/** One property, watched. Made anew for every run. */
export interface Checker {
  readonly on: Observe
  /** After the world has healed and come to rest, or failed to. */
  finish?(end: FinalState): void
}

export interface CheckerKind {
  /** As the report shows it: `version gaps`. */
  readonly name: string
  /** One sentence: what always holds. */
  readonly promise: string
  make(run: CheckedRun): Checker
}

/** What a checker is made with. */
export interface CheckedRun {
  readonly plan: Plan
  /** Milliseconds of virtual time. */
  now(): number
  /** What is durable in the log of a document at this moment, whatever any node believes. The log itself, not a copy: it is asked for at every frame. */
  log(document: string): readonly LogRecord[]
  /** The logs as the checkers of this run read them together; each reads for itself when absent. */
  readonly histories?: Histories
  /** Reports a violation. The message names neither times nor versions where it can be avoided: shrinking compares its first line. */
  violated(message: string): void
}

export interface Violation {
  readonly checker: string
  readonly message: string
  /** Milliseconds of virtual time. */
  readonly at: number
  /** Trace position, for the swimlane. */
  readonly seq: number
}

export interface FinalState {
  readonly now: number
  readonly replicas: readonly Replica[]
  readonly counts: ReadonlyMap<CounterName, number>
  /** Sessions with a carrier on all live nodes together, where that can be seen. */
  readonly sessions?: number
}

/** What is looked at of an actor's document in the end: the document itself, or what another process told of it. */
export interface ReplicaDocument {
  readonly status: Pick<Document['status'], 'connection' | 'pending'> & { readonly error: Pick<ConcordError, 'reason'> | undefined }
  readonly version: number
  readonly text: { toString(): string }
  readonly content: { runs(): Iterable<TextRun> }
  readonly pendingOperation: Pick<Operation, 'text'> | undefined
}

export interface Replica {
  readonly actor: string
  readonly user: string
  /** Id of the document. */
  readonly documentId: string
  /** Absent when it never opened, or the actor left. */
  readonly document: ReplicaDocument | undefined
  /** Whether it should be online and in step at the end. */
  readonly expected: boolean
}
