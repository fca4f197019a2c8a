import type { Rules } from '@concord/client/testing'
import type { Emit } from '../checkers/emit.ts'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { ActorLink } from '../network/network.ts'
import type { PlannedActor } from '../plan/plan.ts'

/** What the world hands to an actor. */
export interface ActorWorld {
  readonly time: VirtualTime
  readonly clientRules: Rules
  /** Keyed by name: an actor that is left out changes nothing for the others. */
  readonly random: (name: string) => KeyedRandom
  /** A fresh path to the servers: a tab that opens has no old connections. */
  readonly link: (actor: PlannedActor) => ActorLink
  readonly emit: Emit
  /** Whether somebody shares presence in a document: only then its people listen. */
  readonly showsPresence: (documentId: string) => boolean
  /** A latency in milliseconds of virtual time. */
  readonly measured: (series: 'open' | 'presence', ms: number) => void
}
