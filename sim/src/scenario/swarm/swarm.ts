import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { PERFECT } from '../../plan/link-model.ts'
import type { Plan, PlannedActor, PlannedWorld } from '../../plan/plan.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'
import { EventList } from '../expand/event-list.ts'
import { type Scenario } from '../schema/schema.ts'
import { SwarmStory } from './swarm-story.ts'
import { type SwarmSettings, type Trouble, TROUBLES } from '../schema/swarm-schema.ts'
import { eitherSide, within } from '../expand/typing.ts'

/** Everybody has joined before the first edit. Milliseconds. */
const QUIET_MS = 500

/** A removed grant may be noticed this late: the others type on afterwards, and whoever lost his must not hear of it. Milliseconds. */
const REVOKED_MS = 8_000

const USERS = ['ada', 'bob', 'cyd', 'dee', 'eve', 'fay', 'gus', 'hal'] as const

/** A world and a story that no one wrote: each seed draws its own mix of everything that the settings name. */
export function expandSwarm(scenario: Scenario, swarm: SwarmSettings, seed: number): Plan {
  const random = new KeyedRandom(seed, 'swarm world')
  const mix = troublesOf(swarm, random)
  const world = worldOf(swarm, mix.troubles, random)
  const events = new EventList()
  for (const { name } of world.actors) events.add(name, 0, { kind: 'join', actor: name })
  const story = new SwarmStory(swarm, world, seed, events)
  const end = tell(story, swarm, mix, new KeyedRandom(seed, 'swarm story'))
  const planned = events.sorted(end)
  return {
    format: 1,
    scenario: scenario.name,
    title: scenario.title,
    seed,
    level: scenario.level,
    world,
    events: planned,
    endMs: end,
    healMs: scenario.expect.heal,
    expect: { levels: [], seen: scenario.expect.seen, mayLoseTail: planned.some(losesTail) },
    bugs: scenario.bugs,
  }
}

interface Mix {
  readonly troubles: readonly Trouble[]
  readonly density: number
}

/** One kind alone is not put right by the next: a client that hangs is not freed by a cut that was planned anyway. */
function troublesOf(swarm: SwarmSettings, random: KeyedRandom): Mix {
  const { faults, alone, aloneDensity, density } = swarm
  const known = TROUBLES.filter((trouble) => (faults[trouble] ?? 0) > 0)
  const isAlone = random.chance(alone) && known.length > 0
  const drawn = isAlone ? [random.pick(known)] : known.filter((trouble) => random.chance(faults[trouble] ?? 0))
  return { troubles: keepApart(drawn), density: isAlone ? aloneDensity : random.pick(density) }
}

/**
 * A tail that is lost is brought back by the clients that wrote it. What takes their memory of it away is not planned with
 * it: a dead device, a tab that closes, a refusal or revocation that hands edits back, a document that is gone, and a paste, whose
 * loss is a difference too large to be followed edit by edit (`diff` then replaces the whole stretch, and own text in it
 * counts as somebody else's).
 */
function keepApart(troubles: readonly Trouble[]): readonly Trouble[] {
  return troubles.includes('lose-tail') ? troubles.filter((trouble) => !FORGETFUL.includes(trouble)) : troubles
}

const FORGETFUL: readonly Trouble[] = ['crash', 'stale-device', 'role', 'misbehave', 'paste', 'leave', 'revoke', 'delete', 'flip-bit', 'attack']

function worldOf(swarm: SwarmSettings, troubles: readonly Trouble[], random: KeyedRandom): PlannedWorld {
  const nodeCount = within(random, random.pick(swarm.nodes))
  const documentCount = within(random, random.pick(swarm.documents))
  const skew = random.pick(swarm.skew)
  const delayMs = random.pick(swarm.delay)
  return {
    nodes: Array.from({ length: nodeCount }, (_, index) => ({ name: `n${index + 1}`, region: 'local', skewMs: eitherSide(random, skew), slowness: 1 })),
    documents: Array.from({ length: documentCount }, (_, index) => ({ id: `doc-${index + 1}`, units: 0 })),
    actors: actorsOf(swarm, troubles, nodeCount, documentCount, random),
    links: {
      swarm: {
        ...PERFECT,
        delayMs,
        delayP99Ms: delayMs * 1.5,
        repeat: random.pick(swarm.repeat),
        glitch: random.pick(swarm.glitch),
        slowReadMs: random.pick(swarm.slowRead),
        sliceBytes: within(random, random.pick(swarm.slices)),
      },
      other: { ...PERFECT, delayMs: 100, delayP99Ms: 400 },
    },
    storage: { delayMs: random.pick(swarm.storage) },
    limitPreset: 'loadtest',
    limits: Object.fromEntries(Object.entries(swarm.limits).flatMap(([name, values]) => (values === undefined ? [] : [[name, random.pick(values)]]))),
    cpu: false,
    route: nodeCount > 1 && random.chance(swarm.spread) ? 'spread' : 'first',
  }
}

function actorsOf(swarm: SwarmSettings, troubles: readonly Trouble[], nodeCount: number, documentCount: number, random: KeyedRandom): PlannedActor[] {
  const deviceMs = random.pick(swarm.device)
  const unary = random.chance(swarm.unary)
  const actor = (group: string, kind: PlannedActor['kind'], user: string, index: number): PlannedActor => ({
    name: `${group}/${index + 1}`,
    group,
    kind,
    user,
    document: `doc-${1 + (index % documentCount)}`,
    link: 'swarm',
    node: `n${1 + (index % nodeCount)}`,
    deviceMs,
    unary: unary && kind !== 'viewer',
    text: 'unique',
  })
  const isTwice = random.chance(swarm.twoTabs)
  const userOf = (index: number) => (isTwice && index === 1 ? USERS[0] : (USERS[index] ?? `user-${index}`))
  const editors = Array.from({ length: within(random, swarm.editors) }, (_, index) => actor('editors', 'editor', userOf(index), index))
  const viewerCount = random.chance(swarm.withViewers) ? within(random, swarm.viewers) : 0
  const viewers = Array.from({ length: viewerCount }, (_, index) => actor('viewers', 'viewer', `viewer-${index + 1}`, index))
  return [...editors, ...viewers, ...(troubles.includes('attack') ? [actor('hostile', 'hostile', 'mallory', 0)] : [])]
}

/** One thing after the other, edits and troubles; returns when it is over. */
function tell(story: SwarmStory, swarm: SwarmSettings, { troubles, density }: Mix, random: KeyedRandom): number {
  const gap = random.pick(swarm.gap)
  const most = swarm.most === undefined ? Infinity : within(random, swarm.most)
  const count = within(random, swarm.edits)
  let struck = 0
  let isRevoked = false
  let at = QUIET_MS
  for (let i = 0; i < count; i += 1) {
    if (troubles.length > 0 && struck < most && random.chance(density)) {
      struck += 1
      const trouble = random.pick(troubles)
      story.strike(trouble, at)
      if (trouble === 'revoke' && !isRevoked) at += REVOKED_MS
      isRevoked ||= trouble === 'revoke'
    } else story.edit(at)
    at += gap * random.float() * 2
  }
  return Math.ceil(at)
}

function losesTail({ kind }: PlanEvent): boolean {
  return kind === 'lose-tail'
}
