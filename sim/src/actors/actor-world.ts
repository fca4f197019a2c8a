import type { Rules } from '@concord/client/testing'
import type { Emit } from '../checkers/emit.ts'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { ActorLink } from '../network/network.ts'
import type { PlannedActor } from '../plan/plan.ts'
import type { Tab } from './tab.ts'

/** What the world hands to an actor, virtual or live. */
export interface ActorWorld {
  /** Milliseconds since the run began. */
  readonly now: () => number
  /** Runs something later, whatever becomes of any tab. */
  readonly later: (delayMs: number, run: () => void) => void
  readonly tab: (name: string) => Tab
  /** Of the deployment; any text where links need none. */
  readonly url: string
  readonly token: (actor: PlannedActor) => Promise<string>
  readonly clientRules: Rules
  /** Keyed by name: an actor that is left out changes nothing for the others. */
  readonly random: (name: string) => KeyedRandom
  /** A fresh path to the servers: a tab that opens has no old connections. */
  readonly link: (actor: PlannedActor) => ActorLink
  readonly emit: Emit
  /** Frames pass the real encoders, which cannot carry what no encoder makes. */
  readonly encodes: boolean
  /** Whether somebody shares presence in a document: only then its people listen. */
  readonly showsPresence: (documentId: string) => boolean
  /** A latency in milliseconds of virtual time. */
  readonly measured: (series: 'open' | 'presence', ms: number) => void
}
