import { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { PlannedActor, PlannedDocument } from '../../plan/plan.ts'
import type { ActorGroup } from '../schema/actor-schema.ts'
import type { Documents, Scenario } from '../schema/schema.ts'
import { editorsOfDocument } from './workload.ts'

/** An actor and what the expansion has to know of it beside the plan. */
export interface CastActor {
  readonly planned: PlannedActor
  readonly group: ActorGroup
  readonly joinAt: number
  /** Infinity: it stays. */
  readonly leaveAt: number
}

export interface Cast {
  readonly documents: readonly PlannedDocument[]
  readonly actors: readonly CastActor[]
}

/** Who takes part, in which document, over which link, and when. */
export function castOf(scenario: Scenario, seed: number): Cast {
  const groups = Object.entries(scenario.actors)
  const sets = new Map(Object.entries(scenario.documents).map(([name, set]) => [name, idsOf(name, set)]))
  const nodes = scenario.topology.nodes.map(({ name }) => name)
  // Groups that decide how many documents a set has come before those that use it.
  const assigned = new Map<string, readonly string[]>()
  for (const [name, group] of [...groups].sort(([, a], [, b]) => Number(b.spread === 'workload') - Number(a.spread === 'workload'))) {
    assigned.set(name, assign(name, group, sizeOf(name, group, scenario), seed, sets))
  }
  const actors = groups.flatMap(([name, group]) => castGroup(name, group, assigned.get(name) ?? [], nodes, scenario, seed))
  const documents = Object.entries(scenario.documents).flatMap(([name, { size }]) => (sets.get(name) ?? []).map((id) => ({ id, units: size })))
  return { documents, actors }
}

/** Ids of a set of documents; of one that grows as needed none yet. */
function idsOf(name: string, { count }: Documents): string[] {
  if (count === 'as-needed') return []
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`)
}

function sizeOf(name: string, { count }: ActorGroup, { steps }: Scenario): number {
  return count + joinersOf(name, steps).reduce((sum, { join }) => sum + join.count, 0)
}

function joinersOf(name: string, steps: Scenario['steps']) {
  return steps.flatMap(({ group, at, join }) => (group === name && join !== undefined ? [{ at, join }] : []))
}

/** A document for each actor of a group. */
function assign(name: string, group: ActorGroup, count: number, seed: number, sets: Map<string, string[]>): readonly string[] {
  const ids = sets.get(group.document) ?? []
  if (group.spread === 'workload') return fill(group.document, count, seed, ids)
  const random = new KeyedRandom(seed, `documents of ${name}`)
  const { length } = ids
  return Array.from({ length: count }, (_, index) => ids[group.spread === 'random' ? random.below(length) : index % length] ?? group.document)
}

/** Opens documents, each with as many editors as the default workload gives it, until everybody has one. */
function fill(set: string, count: number, seed: number, ids: string[]): readonly string[] {
  const assigned: string[] = []
  while (assigned.length < count) {
    const id = `${set}-${ids.length + 1}`
    ids.push(id)
    const editors = editorsOfDocument(new KeyedRandom(seed, `document ${id}`).float())
    for (let i = 0; i < editors && assigned.length < count; i += 1) assigned.push(id)
  }
  return assigned
}

function castGroup(name: string, group: ActorGroup, documents: readonly string[], nodes: readonly string[], scenario: Scenario, seed: number): CastActor[] {
  const spread = scenario.topology.route === 'spread'
  const joins = joinersOf(name, scenario.steps)
  return documents.map((document, index) => {
    const actor = `${name}/${index + 1}`
    const random = new KeyedRandom(seed, `cast ${actor}`)
    const node = group.node ?? (spread ? nodes[index % nodes.length] : undefined)
    const planned: PlannedActor = {
      name: actor,
      group: name,
      kind: group.kind,
      user: group.user === 'shared' ? name : `${name}-${index + 1}`,
      document,
      link: linkOf(group.link, random),
      ...(node === undefined ? {} : { node }),
      deviceMs: group.device,
      unary: group.unary,
      text: group.text,
    }
    const come = comeOf(index, group, joins)
    const joinAt = come.at + random.float() * come.over
    const leaveAt = group.leave === undefined ? Infinity : group.leave.at + random.float() * group.leave.over
    return { planned, group, joinAt, leaveAt }
  })
}

/** The first `count` come with the group, the others with the steps that bring them. */
function comeOf(index: number, group: ActorGroup, joins: ReturnType<typeof joinersOf>): { at: number; over: number } {
  let left = index - group.count
  if (left < 0) return group.join
  for (const { at, join } of joins) {
    if (left < join.count) return { at, over: join.over }
    left -= join.count
  }
  return group.join
}

function linkOf(link: ActorGroup['link'], random: KeyedRandom): string {
  if (typeof link === 'string') return link
  let draw = random.float()
  for (const [name, share] of Object.entries(link)) {
    draw -= share
    if (draw < 0) return name
  }
  return Object.keys(link).at(-1) ?? 'perfect'
}
