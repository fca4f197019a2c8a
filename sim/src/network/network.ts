import type { Transport } from '@concord/client'
import type { ClientFrame, ServerFrame } from '@concord/protocol'
import type { PresenceHub, SessionHub } from '@concord/server/core/carrier'
import type { Identity } from '@concord/server/ports'
import type { Process } from '../kernel/process.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { LinkModel } from '../plan/link-model.ts'

/** The server that a connection reaches: one node, whatever generation of it is alive. */
export interface NodeSide {
  readonly name: string
  /** Up, down or paused; what is delivered while paused waits, what is delivered to a dead generation is gone. */
  readonly process: Process
  /** Absent while it is down. */
  readonly hubs: { readonly sessions: SessionHub; readonly presence: PresenceHub } | undefined
  /** Hands a byte stream to the node's real edge (level http2). */
  readonly accept?: (connection: import('node:stream').Duplex) => void
  /** Calls back once when the generation that is alive now dies: what was connected to it is reset. */
  onDeath(callback: () => void): void
  /** Milliseconds of processor time that the node's one processor spends on the work, begun when it is free; then `run`. */
  charge(work: ServerWork, run: () => void): void
}

/**
 * Kinds of work that the processor model knows; costs come from calibration (`sim/src/capacity/costs.ts`). `frame`: a write
 * to one reader with one message in it; `shared-frame`: each further message that goes with it.
 */
export type ServerWork = 'connect' | 'open' | 'submit' | 'frame' | 'shared-frame' | 'presence' | 'close'

/** The client's end of a path to the servers, for as long as the actor's tab lives. */
export interface ActorLink extends Transport {
  /** Every connection breaks; the client hears it now, the server later, so that what was under way up still arrives. */
  cut(): void
  /** Cut, and no new connection until {@link restore}. */
  down(): void
  /** Nothing passes and nobody is told. */
  hang(): void
  restore(): void
  /** The reader takes nothing for a while. */
  stall(ms: number): void
  /** Another model from now on. */
  use(model: LinkModel): void
}

/** What a link is made from. The three levels make the same {@link ActorLink} out of it. */
export interface LinkParts {
  readonly time: VirtualTime
  /** The link's own. */
  readonly random: KeyedRandom
  readonly name: string
  readonly identity: Identity
  readonly unary: boolean
  readonly model: LinkModel
  /** Which node a new connection goes to; undefined when none can be reached. */
  readonly route: () => NodeSide | undefined
  /** Whether the path is cut by a partition now. Up: from the actor to the node. */
  readonly blocked: (node: NodeSide, direction: 'up' | 'down') => boolean
  readonly observer: LinkObserver
}

/** Who watches what passes: checkers, trace and statistics. `bytes` is an estimate at message level. */
export interface LinkObserver {
  /** A frame of the client leaves. */
  sent(frame: ClientFrame, bytes: number): void
  /** A frame of the server has arrived and is about to be handed to the client. */
  received(frame: ServerFrame, node: string, bytes: number): void
  /** A stream ended, and why. */
  ended(reason: string, node: string): void
}

export type MakeLink = (parts: LinkParts) => ActorLink
