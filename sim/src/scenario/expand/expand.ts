import type { Expectations, Plan } from '../../plan/plan.ts'
import { TEXT_PARTS, UniqueText } from '../../plan/unique-text.ts'
import { castOf } from './cast.ts'
import { EventList } from './event-list.ts'
import { expandActor } from './expand-actors.ts'
import { expandFaults } from './expand-faults.ts'
import { linksOf } from './links.ts'
import type { Scenario } from '../schema/schema.ts'
import { expandSwarm } from '../swarm/swarm.ts'

/**
 * Scenario and seed to plan: everything that will happen, written down. Pure; the same scenario and seed give the same plan,
 * and each actor and fault draws from randomness of its own, so that changing one group changes no other's events.
 */
export function expand(scenario: Scenario, seed: number): Plan {
  return scenario.swarm === undefined ? expandLoad(scenario, seed) : expandSwarm(scenario, scenario.swarm, seed)
}

function expandLoad(scenario: Scenario, seed: number): Plan {
  const links = linksOf(scenario.links)
  const cast = castOf(scenario, seed)
  const endMs = scenario.duration ?? 0
  const events = new EventList()
  const expansion = { scenario, seed, endMs, events, links, texts: textsOf(scenario) }
  for (const actor of cast.actors) expandActor(actor, expansion)
  expandFaults({ scenario, seed, endMs, cast, events, links, fresh: new UniqueText(TEXT_PARTS - 1) })
  const used = new Set(cast.actors.map(({ planned }) => planned.link))
  const { topology, limits } = scenario
  return {
    format: 1,
    scenario: scenario.name,
    title: scenario.title,
    seed,
    level: scenario.level,
    world: {
      nodes: topology.nodes.map(({ name, region, skew, slowness }) => ({ name, region, skewMs: skew, slowness })),
      documents: cast.documents,
      actors: cast.actors.map(({ planned }) => planned),
      links: Object.fromEntries([...links].filter(([name]) => used.has(name)).map(([name, { model }]) => [name, model])),
      storage: { delayMs: topology.storage },
      limitPreset: limits.preset,
      limits: defined(limits.set),
      cpu: topology.cpu,
      route: topology.route,
    },
    events: events.sorted(endMs),
    endMs,
    healMs: scenario.expect.heal,
    expect: expectationsOf(scenario),
    bugs: scenario.bugs,
  }
}

/** Each group that types unique characters has some of its own. The last part belongs to faults. */
function textsOf({ actors }: Scenario): ReadonlyMap<string, UniqueText> {
  const names = Object.entries(actors).flatMap(([name, { text }]) => (text === 'unique' ? [name] : []))
  return new Map(names.map((name, part) => [name, new UniqueText(part)]))
}

function expectationsOf({ expect, faults }: Scenario): Expectations {
  return {
    levels: expect.levels.map(({ series, percentile, atMost, from, to }) => ({
      series,
      percentile,
      atMostMs: atMost,
      ...(from === undefined ? {} : { fromMs: from }),
      ...(to === undefined ? {} : { toMs: to }),
    })),
    seen: expect.seen,
    mayLoseTail: expect.mayLoseTail || faults.some(({ fault }) => fault === 'lose-tail'),
  }
}

/** Without what was left out, as exact optional properties demand. */
function defined<Shape extends object>(values: Shape): { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> }
}
