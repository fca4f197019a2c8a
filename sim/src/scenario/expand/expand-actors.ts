import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { TRICKS } from '../../plan/tricks.ts'
import type { UniqueText } from '../../plan/unique-text.ts'
import { type Behaviour, behaviour } from '../schema/actor-schema.ts'
import type { CastActor } from './cast.ts'
import type { EventList } from './event-list.ts'
import type { Link } from './links.ts'
import { Pace } from './pace.ts'
import type { Scenario, Step } from '../schema/schema.ts'
import { between, Hand, plainText, shareOf, within } from './typing.ts'

/** What the expansion of one actor needs to know. */
export interface Expansion {
  readonly scenario: Scenario
  readonly seed: number
  readonly endMs: number
  readonly events: EventList
  readonly links: ReadonlyMap<string, Link>
  /** Unique characters of each group that types them. */
  readonly texts: ReadonlyMap<string, UniqueText>
}

/** Everything that one actor does, from its own randomness alone. */
export function expandActor(actor: CastActor, expansion: Expansion): void {
  const { planned, joinAt, leaveAt } = actor
  const { name } = planned
  const { events, endMs } = expansion
  if (joinAt > endMs) return
  const join = events.add(name, joinAt, { kind: 'join', actor: name })
  if (leaveAt < endMs) events.add(name, leaveAt, { kind: 'leave', actor: name }, [join])
  const end = Math.min(endMs, leaveAt)
  drop(actor, end, expansion)
  const steps = expansion.scenario.steps.filter((step, index) => step.group === planned.group && isConcerned(name, step, index, expansion.seed))
  for (const step of steps) extras(actor, step, end, expansion)
  const does = behaviourOf(actor, expansion.seed)
  if (does !== undefined) behave(actor, does, steps, end, expansion)
}

/** Editors edit unless they idle; what viewers and hostile actors do has to be written down. */
function behaviourOf({ group, planned }: CastActor, seed: number): Behaviour | undefined {
  if (group.idle > 0 && new KeyedRandom(seed, `idle ${planned.name}`).chance(group.idle)) return undefined
  return group.does ?? (group.kind === 'viewer' ? undefined : DEFAULT_BEHAVIOUR)
}

/** The default workload: one edit a second (001:492). */
const DEFAULT_BEHAVIOUR: Behaviour = behaviour.parse({})

function behave(actor: CastActor, does: Behaviour, steps: readonly Step[], end: number, expansion: Expansion): void {
  const from = Math.max(actor.joinAt, does.from ?? 0)
  const until = Math.min(end, does.until ?? end)
  const { kind } = actor.planned
  if (kind === 'editor') {
    type(actor, does, steps, from, until, expansion)
    pastes(actor, does, from, until, expansion)
  }
  if (kind === 'hostile') attack(actor, does, from, until, expansion)
  if (does.presence > 0) share(actor, does, steps, from, until, expansion)
}

function type(actor: CastActor, does: Behaviour, steps: readonly Step[], from: number, until: number, { seed, events, texts }: Expansion): void {
  const { name, text, group } = actor.planned
  const random = new KeyedRandom(seed, `typing ${name}`)
  const hand = new Hand(name, random, new KeyedRandom(seed, `bold ${name}`), does, text === 'unique' ? texts.get(group) : undefined)
  const pace = new Pace(does.rate, windowsOf(steps, 'rate'))
  let stretch = does.think === undefined ? Infinity : within(random, does.think.after)
  let at = pace.after(from, random.float())
  while (at < until) {
    events.add(name, at, hand.next())
    stretch -= 1
    if (stretch <= 0 && does.think !== undefined) {
      at += between(random, does.think.for)
      stretch = within(random, does.think.after)
    }
    at = pace.after(at, 0.5 + random.float())
  }
}

function share(actor: CastActor, does: Behaviour, steps: readonly Step[], from: number, until: number, { seed, events }: Expansion): void {
  const { name } = actor.planned
  const random = new KeyedRandom(seed, `presence ${name}`)
  const pace = new Pace(does.presence, windowsOf(steps, 'presence'))
  for (let at = pace.after(from, random.float()); at < until; at = pace.after(at, 0.5 + random.float())) {
    events.add(`${name}:presence`, at, { kind: 'presence', actor: name, place: shareOf(random) })
  }
}

function pastes(actor: CastActor, { paste }: Behaviour, from: number, until: number, expansion: Expansion): void {
  if (paste === undefined) return
  const random = new KeyedRandom(expansion.seed, `pastes ${actor.planned.name}`)
  for (let at = from + random.float() * paste.every; at < until; at += paste.every) pasteAt(actor, at, paste.size, random, expansion)
}

function pasteAt(actor: CastActor, at: number, units: number, random: KeyedRandom, { events, texts }: Expansion): void {
  const { name, text, group } = actor.planned
  const mark = (text === 'unique' ? texts.get(group)?.next() : undefined) ?? plainText(random, 1)
  events.add(`${name}:paste`, at, { kind: 'paste', actor: name, place: shareOf(random), text: mark, units: Math.max(0, units - mark.length) })
}

function attack(actor: CastActor, does: Behaviour, from: number, until: number, { seed, events }: Expansion): void {
  const { name } = actor.planned
  const random = new KeyedRandom(seed, `attacks ${name}`)
  const pace = new Pace(does.rate, [])
  for (let at = pace.after(from, random.float()); at < until; at = pace.after(at, 0.5 + random.float())) {
    events.add(name, at, { kind: 'attack', actor: name, trick: random.pick(does.tricks ?? TRICKS) })
  }
}

/** The network behind some links is gone now and then. */
function drop(actor: CastActor, end: number, { seed, events, links }: Expansion): void {
  const { name, link } = actor.planned
  const { drops, dropFor } = links.get(link) ?? { drops: 0, dropFor: { least: 0, most: 0 } }
  if (drops === 0) return
  const random = new KeyedRandom(seed, `drops ${name}`)
  const gap = () => -Math.log(1 - random.float()) / (drops / 1_000)
  for (let at = actor.joinAt + gap(); at < end; at += gap()) {
    const offline = events.add(`${name}:drop`, at, { kind: 'offline', actor: name })
    at += between(random, dropFor)
    events.add(`${name}:drop`, at, { kind: 'online', actor: name }, [offline])
  }
}

/** What a step makes an actor do once. */
function extras(actor: CastActor, step: Step, end: number, expansion: Expansion): void {
  const { name } = actor.planned
  const random = new KeyedRandom(expansion.seed, `step ${step.at} ${name}`)
  if (step.paste !== undefined && actor.joinAt <= step.at && step.at < end) pasteAt(actor, step.at, step.paste, random, expansion)
  for (let i = 0; i < (step.undo?.times ?? 0); i += 1) {
    const at = step.at + random.float() * (step.undo?.over ?? 0)
    if (actor.joinAt <= at && at < end) expansion.events.add(`${name}:undo`, at, { kind: 'undo', actor: name })
  }
}

function isConcerned(name: string, step: Step, index: number, seed: number): boolean {
  return step.share === 1 || new KeyedRandom(seed, `step ${index} ${name}`).chance(step.share)
}

function windowsOf(steps: readonly Step[], what: 'rate' | 'presence') {
  return steps.flatMap((step) => {
    const factor = step[what]
    return factor === undefined ? [] : [{ from: step.at, to: step.at + (step.for ?? Infinity), factor }]
  })
}
