import type { Plan, PlannedActor, PlannedWorld } from '../plan/plan.ts'
import { PERFECT } from '../plan/link-model.ts'
import { simplerLinks, smaller } from './simpler-event.ts'

/** Simpler worlds for the same events: everything at once, then one setting at a time. What changes nothing is left out. */
export function simplerWorlds(plan: Plan): readonly Plan[] {
  const { world } = plan
  const worlds: readonly PlannedWorld[] = [plainest(world), usedLinks(world), { ...world, links: perfect(world) }, ...withoutLimits(world), ...otherLinks(world), ...settings(world), ...otherActors(world)]
  const plans = [...worlds.map((other) => ({ ...plan, world: other })), ...expectations(plan), ...fewerBugs(plan)]
  const now = JSON.stringify(plan)
  return plans.filter((other) => JSON.stringify(other) !== now)
}

function plainest(world: PlannedWorld): PlannedWorld {
  return {
    ...world,
    nodes: world.nodes.map((node) => ({ ...node, skewMs: 0, slowness: 1 })),
    documents: world.documents.map((document) => ({ ...document, units: 0 })),
    actors: world.actors.map(plainActor),
    links: perfect(usedLinks(world)),
    storage: { delayMs: 0 },
    limitPreset: 'default',
    limits: {},
    cpu: false,
    route: 'first',
  }
}

function plainActor({ node: _, ...actor }: PlannedActor): PlannedActor {
  return { ...actor, deviceMs: 0, unary: false }
}

function usedLinks(world: PlannedWorld): PlannedWorld {
  const used = new Set(world.actors.map(({ link }) => link))
  return { ...world, links: Object.fromEntries(Object.entries(world.links).filter(([name]) => used.has(name))) }
}

function perfect({ links }: PlannedWorld): PlannedWorld['links'] {
  return Object.fromEntries(Object.keys(links).map((name) => [name, PERFECT]))
}

function withoutLimits(world: PlannedWorld): readonly PlannedWorld[] {
  const entries = Object.entries(world.limits)
  return [{ ...world, limits: {} }, ...entries.map(([left]) => ({ ...world, limits: Object.fromEntries(entries.filter(([key]) => key !== left)) }))]
}

function otherLinks(world: PlannedWorld): readonly PlannedWorld[] {
  return Object.entries(world.links).flatMap(([name, model]) => simplerLinks(model).map((simpler) => ({ ...world, links: { ...world.links, [name]: simpler } })))
}

function settings(world: PlannedWorld): readonly PlannedWorld[] {
  return [
    ...smaller(world.storage.delayMs, 0).map((delayMs) => ({ ...world, storage: { ...world.storage, delayMs } })),
    { ...world, limitPreset: 'default' },
    { ...world, cpu: false },
    { ...world, route: 'first' },
    { ...world, nodes: world.nodes.map((node) => ({ ...node, skewMs: 0 })) },
    { ...world, nodes: world.nodes.map((node) => ({ ...node, slowness: 1 })) },
    ...world.documents.flatMap((document, index) => smaller(document.units, 0).map((units) => ({ ...world, documents: world.documents.with(index, { ...document, units }) }))),
  ]
}

function otherActors(world: PlannedWorld): readonly PlannedWorld[] {
  const each = world.actors.flatMap((actor, index) => [
    { ...world, actors: world.actors.with(index, { ...actor, deviceMs: 0 }) },
    { ...world, actors: world.actors.with(index, { ...actor, unary: false }) },
  ])
  return [{ ...world, actors: world.actors.map((actor) => ({ ...actor, deviceMs: 0 })) }, { ...world, actors: world.actors.map((actor) => ({ ...actor, unary: false })) }, ...each]
}

function expectations(plan: Plan): readonly Plan[] {
  const { expect } = plan
  return [
    { ...plan, expect: { ...expect, levels: [] } },
    { ...plan, expect: { ...expect, seen: [] } },
    ...expect.levels.map((_, index) => ({ ...plan, expect: { ...expect, levels: expect.levels.toSpliced(index, 1) } })),
    ...expect.seen.map((_, index) => ({ ...plan, expect: { ...expect, seen: expect.seen.toSpliced(index, 1) } })),
  ]
}

function fewerBugs(plan: Plan): readonly Plan[] {
  return plan.bugs.length < 2 ? [] : plan.bugs.map((_, index) => ({ ...plan, bugs: plan.bugs.toSpliced(index, 1) }))
}
