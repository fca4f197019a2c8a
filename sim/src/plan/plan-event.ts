import type { LinkModel } from './link-model.ts'
import type { Trick } from './tricks.ts'

/** One thing that happens. Shrinking removes events one by one, so none depends on another but by `needs`. */
export type PlanEvent = PlanEventFields & {
  /** Stable over shrinking; unique in the plan, as `e17`. */
  readonly id: string
  /** Milliseconds since the run began. */
  readonly at: number
  /** Ids of events without which this one means nothing, as `online` without its `offline`: removed together. */
  readonly needs?: readonly string[]
}

export type PlanEventFields = ActorEvent | NodeEvent | StorageEvent | NetworkEvent | DocumentEvent

export type PlanEventKind = PlanEvent['kind']

/**
 * What a hand, a page, a device or a client's connection does. Positions are shares of the document's length at that
 * moment (0 begin, 1 end), moved off the inside of surrogate pairs, so that an event means something in any document.
 */
export type ActorEvent = { readonly actor: string } & (
  | { readonly kind: 'join' | 'leave' }
  /** `place`: absent types on at the actor's own caret. */
  | { readonly kind: 'insert'; readonly text: string; readonly place?: number; readonly attributes?: Readonly<Record<string, string | number | boolean>> }
  | { readonly kind: 'delete'; readonly place: number; readonly count: number }
  /** Deletes `count` units and types `text` there, as one edit. */
  | { readonly kind: 'replace'; readonly place: number; readonly count: number; readonly text: string }
  | { readonly kind: 'format'; readonly place: number; readonly count: number; readonly attributes: Readonly<Record<string, string | number | boolean | null>> }
  | { readonly kind: 'embed'; readonly place: number; readonly type: string; readonly data: string }
  | { readonly kind: 'undo' | 'redo' | 'boundary' }
  /** `text`, then `units` of filler: one edit, split on its way (R18). */
  | { readonly kind: 'paste'; readonly place: number; readonly text: string; readonly units: number }
  /** Shares a selection at `place`. */
  | { readonly kind: 'presence'; readonly place: number }
  /** The tab dies; what its device stored is found again by the tab that opens at once. */
  | { readonly kind: 'crash' }
  /** The connection breaks: the client sees it now, the server later. It may connect again at once. */
  | { readonly kind: 'cut' }
  /** The application goes offline, or the network does; `online` ends both. */
  | { readonly kind: 'offline' | 'online' }
  /** Nothing passes any more and nobody is told (half-open) until `online` or a time-out. */
  | { readonly kind: 'hang' }
  /** The reader takes nothing for `forMs`. */
  | { readonly kind: 'stall'; readonly forMs: number }
  /** Another link model from now on. */
  | { readonly kind: 'link'; readonly model: LinkModel }
  /** Types what no server takes; what is typed after it must survive (R9). */
  | { readonly kind: 'misbehave'; readonly text: string }
  /** A bug in the page: what the client holds confirmed is not what the server confirmed (R16). */
  | { readonly kind: 'corrupt' }
  /** The client stops trusting its content while something may be in flight (R6). */
  | { readonly kind: 'distrust' }
  /** The device's copy goes back by `count` saves, then the tab dies. */
  | { readonly kind: 'stale-device'; readonly count: number }
  /** Actors of kind `hostile` alone: one bad message. */
  | { readonly kind: 'attack'; readonly trick: Trick }
)

/** What happens to a server. `kill` loses everything volatile; `pause` stops it in the middle of things; `drain` goes down in order. */
export type NodeEvent = { readonly node: string } & (
  | { readonly kind: 'kill' | 'start' | 'drain' | 'pause' | 'resume' }
  /** Its wall clock jumps by `byMs`. */
  | { readonly kind: 'clock'; readonly byMs: number }
  /** Its processor is slower by `factor` from now on (1: as calibrated). */
  | { readonly kind: 'slow'; readonly factor: number }
)

/** What happens to stores. Without `node` every node is concerned. */
export type StorageEvent = { readonly node?: string } & (
  /** The next append answers `unknown`, applied or not. */
  | { readonly kind: 'ambiguous'; readonly outcome: 'applied' | 'lost' }
  | { readonly kind: 'storage'; readonly unavailable: 'nothing' | 'writes' | 'everything' }
  /** Each call takes `delayMs` more from now on; 0 ends it. */
  | { readonly kind: 'storage-slow'; readonly delayMs: number }
  /** Roles cannot be asked for. */
  | { readonly kind: 'permissions'; readonly available: boolean }
  /** The token verifier cannot fetch its keys: tokens that it does not know are refused. */
  | { readonly kind: 'keys'; readonly available: boolean }
)

/** Sides are node names, actor groups, actor names, or `storage`. `one-way`: only what goes from `a` to `b` is lost. */
export type NetworkEvent =
  | { readonly kind: 'partition'; readonly a: readonly string[]; readonly b: readonly string[]; readonly oneWay: boolean }
  /** Ends the partition that the event `partition` began. */
  | { readonly kind: 'heal'; readonly partition: string }

export type DocumentEvent = { readonly document: string } & (
  | { readonly kind: 'role'; readonly user: string; readonly role: 'viewer' | 'commenter' | 'editor' }
  /** The user's grant is removed: nothing is delivered to him 5 s later. */
  | { readonly kind: 'revoke'; readonly user: string }
  | { readonly kind: 'delete' }
  /** The nodes die, the log loses its last `count` rows, as after a promotion of a replica that lagged (R15), and the nodes start again. */
  | { readonly kind: 'lose-tail'; readonly count: number }
  /** One bit of the newest snapshot flips. */
  | { readonly kind: 'flip-bit' }
)
