import type { Document } from '@concord/client'
import type { Submit } from '@concord/protocol'
import type { ActorLink } from '../network/network.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import type { PlannedActor } from '../plan/plan.ts'

export type ActorPlanEvent = Extract<PlanEvent, { readonly actor: string }>

/** Whoever acts in a run: a person with the real client, or somebody who writes frames by hand. */
export interface Actor {
  readonly planned: PlannedActor
  readonly link: ActorLink | undefined
  /** Absent while nothing is open. */
  readonly document: Document | undefined
  /** Whether it should be online and in step in the end. */
  readonly isExpected: boolean
  /** Online, and everything it typed is decided. */
  readonly atRest: boolean
  act(event: ActorPlanEvent): void
  /** A submit leaves. */
  sent(submit: Submit): void
  /** Something was planned that explains what the actor will hear. */
  expect(what: 'divergence' | 'refusal' | 'stranding' | 'end'): void
  /** The faults are over. */
  heal(): void
  /** Why it is not at rest, for the report. */
  describe(): string
}
