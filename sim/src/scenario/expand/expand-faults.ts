import { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { PlanEventFields } from '../../plan/plan-event.ts'
import type { UniqueText } from '../../plan/unique-text.ts'
import type { Cast, CastActor } from './cast.ts'
import type { EventList } from './event-list.ts'
import type { Fault, FaultName } from '../schema/fault-schema.ts'
import type { Link } from './links.ts'
import type { Range } from '../schema/notation.ts'
import type { Scenario } from '../schema/schema.ts'
import { between, within } from './typing.ts'

export interface FaultExpansion {
  readonly scenario: Scenario
  readonly seed: number
  readonly endMs: number
  readonly cast: Cast
  readonly events: EventList
  readonly links: ReadonlyMap<string, Link>
  /** Characters of what nobody's hand types. */
  readonly fresh: UniqueText
}

type ActorFault = Extract<Fault, { readonly on: string }>
type NodeFault = Extract<Fault, { readonly apart: number }>
type StorageFault = Extract<Fault, { readonly fault: 'ambiguous' | 'storage' | 'storage-slow' | 'permissions' | 'keys' }>
type DocumentFault = Extract<Fault, { readonly fault: 'delete' | 'lose-tail' | 'flip-bit' }>

/** One occurrence of a fault, with what its events are drawn from. */
interface Strike extends FaultExpansion {
  readonly at: number
  /** Owner of the events' ids. */
  readonly owner: string
  readonly random: KeyedRandom
}

/** Every occurrence of every fault. The number of a fault counts those of its kind, so that another kind renames nothing. */
export function expandFaults(expansion: FaultExpansion): void {
  const counts = new Map<FaultName, number>()
  for (const fault of expansion.scenario.faults) {
    const number = (counts.get(fault.fault) ?? 0) + 1
    counts.set(fault.fault, number)
    const owner = number === 1 ? fault.fault : `${fault.fault}-${number}`
    const random = new KeyedRandom(expansion.seed, `fault ${owner}`)
    for (const at of timesOf(fault, random, expansion.endMs)) strike(fault, { ...expansion, at, owner, random })
  }
}

function timesOf({ at, every, rate, from = 0, until }: Fault, random: KeyedRandom, endMs: number): number[] {
  if (at !== undefined) return at
  const end = Math.min(until ?? endMs, endMs)
  const gap = () => (every === undefined ? -Math.log(1 - random.float()) / ((rate ?? 0) / 1_000) : every)
  const times: number[] = []
  for (let time = from + (every === undefined ? gap() : 0); time < end; time += gap()) times.push(time)
  return times
}

function strike(fault: Fault, hit: Strike): void {
  if ('on' in fault) return strikeActors(fault, hit)
  if ('apart' in fault) return strikeNodes(fault, hit)
  if (fault.fault === 'partition') return partition(fault, hit)
  if ('document' in fault) return strikeDocument(fault, hit)
  strikeStorage(fault, hit)
}

function strikeActors(fault: ActorFault, hit: Strike): void {
  const { random, at } = hit
  for (const actor of struck(fault, hit)) {
    const when = at + random.float() * fault.over
    if (when >= actor.joinAt && when < actor.leaveAt) strikeActor(fault, actor, { ...hit, at: when })
  }
}

function struck({ on, share, pick }: ActorFault, { cast, random }: Strike): readonly CastActor[] {
  const all = cast.actors.filter(({ planned }) => on === 'everybody' || planned.group === on || planned.name === on)
  const some = share === undefined ? all : all.filter(() => random.chance(share))
  if (pick === undefined || pick >= some.length) return some
  const left = [...some]
  return Array.from({ length: pick }, () => left.splice(random.below(left.length), 1)[0]!)
}

function strikeActor(fault: ActorFault, { planned }: CastActor, hit: Strike): void {
  const { random, links, fresh } = hit
  const { name: actor, document, user } = planned
  switch (fault.fault) {
    case 'cut':
    case 'crash':
    case 'corrupt':
    case 'distrust':
      return void add(hit, { kind: fault.fault, actor })
    case 'misbehave':
      return void add(hit, { kind: 'misbehave', actor, text: fresh.next() })
    case 'stale-device':
      return void add(hit, { kind: 'stale-device', actor, count: within(random, fault.count) })
    case 'stall':
      return void add(hit, { kind: 'stall', actor, forMs: Math.round(between(random, fault.for)) })
    case 'offline':
    case 'hang':
      return during(hit, fault, { kind: fault.fault, actor }, () => ({ kind: 'online', actor }))
    case 'leave':
      return during(hit, fault, { kind: 'leave', actor }, () => ({ kind: 'join', actor }))
    case 'link':
      return during(hit, fault, { kind: 'link', actor, model: links.get(fault.link)!.model }, () => ({ kind: 'link', actor, model: links.get(planned.link)!.model }))
    case 'role':
      return during(hit, fault, { kind: 'role', document, user, role: fault.role }, () => ({ kind: 'role', document, user, role: planned.kind === 'viewer' ? 'viewer' : 'editor' }))
    case 'revoke':
      return void add(hit, { kind: 'revoke', document, user })
  }
}

function strikeNodes(fault: NodeFault, hit: Strike): void {
  const names = hit.scenario.topology.nodes.map(({ name }) => name)
  const nodes = fault.node.flatMap((name) => (name === 'each' ? names : name === 'any' ? [hit.random.pick(names)] : [name]))
  nodes.forEach((node, index) => strikeNode(fault, node, { ...hit, at: hit.at + index * fault.apart }))
}

function strikeNode(fault: NodeFault, node: string, hit: Strike): void {
  switch (fault.fault) {
    case 'kill':
    case 'drain':
      return during(hit, fault, { kind: fault.fault, node }, () => ({ kind: 'start', node }))
    case 'pause':
      return during(hit, fault, { kind: 'pause', node }, () => ({ kind: 'resume', node }))
    case 'clock':
      return void add(hit, { kind: 'clock', node, byMs: fault.by })
    case 'slow':
      return during(hit, fault, { kind: 'slow', node, factor: fault.factor }, () => ({ kind: 'slow', node, factor: 1 }))
  }
}

function strikeStorage(fault: StorageFault, hit: Strike): void {
  const node = fault.node === undefined ? {} : { node: fault.node }
  switch (fault.fault) {
    case 'ambiguous': {
      const outcome = fault.outcome === 'either' ? hit.random.pick(['applied', 'lost'] as const) : fault.outcome
      return void add(hit, { kind: 'ambiguous', outcome, ...node })
    }
    case 'storage':
      return during(hit, fault, { kind: 'storage', unavailable: fault.unavailable, ...node }, () => ({ kind: 'storage', unavailable: 'nothing', ...node }))
    case 'storage-slow':
      return during(hit, fault, { kind: 'storage-slow', delayMs: fault.delay, ...node }, () => ({ kind: 'storage-slow', delayMs: 0, ...node }))
    case 'permissions':
    case 'keys':
      return during(hit, fault, { kind: fault.fault, available: false, ...node }, () => ({ kind: fault.fault, available: true, ...node }))
  }
}

function partition(fault: Extract<Fault, { readonly fault: 'partition' }>, hit: Strike): void {
  during(hit, fault, { kind: 'partition', a: fault.a, b: fault.b, oneWay: fault.oneWay }, (begun) => ({ kind: 'heal', partition: begun }))
}

function strikeDocument(fault: DocumentFault, hit: Strike): void {
  const { cast, random } = hit
  const ids = cast.documents.filter(({ id }) => id === fault.document || id.startsWith(`${fault.document}-`)).map(({ id }) => id)
  const document = ids.includes(fault.document) ? fault.document : random.pick(ids)
  switch (fault.fault) {
    case 'lose-tail':
      return void add(hit, { kind: 'lose-tail', document, count: within(random, fault.count) })
    case 'delete':
      return void add(hit, { kind: 'delete', document })
    case 'flip-bit':
      return void add(hit, { kind: 'flip-bit', document })
  }
}

function add({ events, owner, at }: Strike, fields: PlanEventFields, needs?: readonly string[]): string {
  return events.add(owner, at, fields, needs)
}

/** Something that begins and ends; without a time it ends when the world heals. */
function during(hit: Strike, fault: { readonly for?: Range | undefined }, fields: PlanEventFields, end: (begun: string) => PlanEventFields): void {
  const begun = add(hit, fields)
  if (fault.for === undefined) return
  add({ ...hit, at: hit.at + between(hit.random, fault.for) }, end(begun), [begun])
}
