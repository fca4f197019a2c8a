import type { Plan, PlannedWorld } from '../plan/plan.ts'
import type { PlanEvent } from '../plan/plan-event.ts'

/** The plan with these events only; what needs one that is gone goes too. */
export function withEvents(plan: Plan, events: readonly PlanEvent[]): Plan {
  let kept = events
  for (;;) {
    const ids = new Set(kept.map(({ id }) => id))
    const next = kept.filter(({ needs = [], ...event }) => needs.every((id) => ids.has(id)) && (event.kind !== 'heal' || ids.has(event.partition)))
    if (next.length === kept.length) break
    kept = next
  }
  return { ...plan, events: kept }
}

/** The plan with these actors only, and without what happens to the others. Unused link models go. */
export function withActors(plan: Plan, names: ReadonlySet<string>): Plan {
  const actors = plan.world.actors.filter(({ name }) => names.has(name))
  const links = new Set(actors.map(({ link }) => link))
  const world = { ...plan.world, actors, links: Object.fromEntries(Object.entries(plan.world.links).filter(([name]) => links.has(name))) }
  return settled({ ...plan, world }, (event) => !('actor' in event) || names.has(event.actor))
}

/** The plan with these nodes only; actors that preferred another go to the first. */
export function withNodes(plan: Plan, names: ReadonlySet<string>): Plan {
  const nodes = plan.world.nodes.filter(({ name }) => names.has(name))
  const [first] = nodes
  const actors = plan.world.actors.map((actor) => (actor.node === undefined || names.has(actor.node) || first === undefined ? actor : { ...actor, node: first.name }))
  return settled({ ...plan, world: { ...plan.world, nodes, actors } }, (event) => !('node' in event) || event.node === undefined || names.has(event.node))
}

/** The plan with these documents only, and without the actors of the others. */
export function withDocuments(plan: Plan, ids: ReadonlySet<string>): Plan {
  const left = withActors(plan, new Set(plan.world.actors.filter(({ document }) => ids.has(document)).map(({ name }) => name)))
  const world = { ...left.world, documents: left.world.documents.filter(({ id }) => ids.has(id)) }
  return settled({ ...left, world }, (event) => !('document' in event) || ids.has(event.document))
}

/** Keeps events that `keep` and takes names that are gone out of partitions; a partition with an empty side is none. */
function settled(plan: Plan, keep: (event: PlanEvent) => boolean): Plan {
  const known = sides(plan.world)
  const events = plan.events.filter(keep).map((event) => {
    if (event.kind !== 'partition') return event
    return { ...event, a: event.a.filter((side) => known.has(side)), b: event.b.filter((side) => known.has(side)) }
  })
  return withEvents(plan, events.filter((event) => event.kind !== 'partition' || (event.a.length > 0 && event.b.length > 0)))
}

function sides({ nodes, actors }: PlannedWorld): ReadonlySet<string> {
  return new Set(['storage', ...nodes.map(({ name }) => name), ...actors.flatMap(({ name, group }) => [name, group])])
}
