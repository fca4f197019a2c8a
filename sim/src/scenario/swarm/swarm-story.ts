import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { PERFECT } from '../../plan/link-model.ts'
import type { PlannedActor, PlannedWorld } from '../../plan/plan.ts'
import type { PlanEventFields } from '../../plan/plan-event.ts'
import { TRICKS } from '../../plan/tricks.ts'
import { UniqueText } from '../../plan/unique-text.ts'
import type { Behaviour } from '../schema/actor-schema.ts'
import type { EventList } from '../expand/event-list.ts'
import type { SwarmSettings, Trouble } from '../schema/swarm-schema.ts'
import { between, eitherSide, Hand, shareOf } from '../expand/typing.ts'

/** What a careless author does: mostly at the same few places as everybody else. */
const CARELESS: Behaviour = {
  rate: 1,
  edits: { insert: 47, delete: 22, replace: 6, format: 9, embed: 2.5, undo: 10, redo: 4, boundary: 0 },
  characters: { least: 1, most: 3 },
  bold: 0.18,
  places: 'hot',
  presence: 0,
}

/** Above one operation's 64 KiB of text: split on its way (R18). */
const PASTE_UNITS = 66_000

/** Time that a drain may take before the node is started again. Milliseconds. */
const DRAINED_MS = 12_000

/** What happens in a swarm, one thing at a time. */
export class SwarmStory {
  readonly #swarm: SwarmSettings
  readonly #world: PlannedWorld
  readonly #events: EventList
  /** What edits are drawn from, and what troubles are: one kind of trouble more changes no edit. */
  readonly #editing: KeyedRandom
  readonly #striking: KeyedRandom
  readonly #fresh = new UniqueText(0)
  readonly #editors: readonly PlannedActor[]
  readonly #hands: ReadonlyMap<string, Hand>
  readonly #pasted = new Set<string>()
  #edits = 0

  constructor(swarm: SwarmSettings, world: PlannedWorld, seed: number, events: EventList) {
    this.#swarm = swarm
    this.#world = world
    this.#events = events
    this.#editing = new KeyedRandom(seed, 'swarm edits')
    this.#striking = new KeyedRandom(seed, 'swarm troubles')
    this.#editors = world.actors.filter(({ kind }) => kind === 'editor')
    this.#hands = new Map(this.#editors.map(({ name }) => [name, new Hand(name, new KeyedRandom(seed, `hand ${name}`), new KeyedRandom(seed, `bold ${name}`), CARELESS, this.#fresh)]))
  }

  edit(at: number): void {
    const random = this.#editing
    const { name: actor } = random.pick(this.#editors)
    const edit = this.#hands.get(actor)!.next()
    // Nothing can be deleted from a document that nobody has typed in.
    const isEarly = this.#edits++ < 2 * this.#editors.length
    this.#add('edit', at, isEarly ? { kind: 'insert', actor, text: this.#fresh.take(1 + random.below(3)), place: shareOf(random), ...(random.chance(0.18) ? { attributes: { bold: true } } : {}) } : edit)
    if (random.chance(0.2)) this.#add('edit', at, { kind: 'boundary', actor })
  }

  strike(trouble: Trouble, at: number): void {
    const random = this.#striking
    const { name: actor, document, user } = random.pick(this.#editors)
    const { offlineFor } = this.#swarm
    switch (trouble) {
      case 'cut':
      case 'crash':
      case 'corrupt':
      case 'distrust':
        return void this.#add(trouble, at, { kind: trouble, actor })
      case 'presence':
        return void this.#add(trouble, at, { kind: 'presence', actor, place: shareOf(random) })
      case 'misbehave':
        return void this.#add(trouble, at, { kind: 'misbehave', actor, text: this.#fresh.next() })
      case 'paste':
        return this.#paste(actor, document, at)
      case 'stale-device':
        return void this.#add(trouble, at, { kind: 'stale-device', actor, count: 1 + random.below(3) })
      case 'stall':
        return void this.#add(trouble, at, { kind: 'stall', actor, forMs: Math.round(500 + random.float() * 3_000) })
      case 'attack':
        return void this.#add(trouble, at, { kind: 'attack', actor: 'hostile/1', trick: random.pick(this.#swarm.tricks ?? TRICKS) })
      case 'offline':
      case 'hang':
        return this.#during(trouble, at, between(random, offlineFor), { kind: trouble, actor }, () => ({ kind: 'online', actor }))
      case 'leave':
        return this.#during(trouble, at, between(random, offlineFor), { kind: 'leave', actor }, () => ({ kind: 'join', actor }))
      case 'link':
        return this.#during(trouble, at, between(random, offlineFor), { kind: 'link', actor, model: this.#other() }, () => ({ kind: 'link', actor, model: this.#world.links['swarm'] ?? PERFECT }))
      case 'role': {
        const role = random.chance(0.8) ? 'viewer' : 'commenter'
        return this.#during(trouble, at, random.float() * 1_500, { kind: 'role', document, user, role }, () => ({ kind: 'role', document, user, role: 'editor' }))
      }
      case 'revoke': {
        // Who types notices by himself: readers are taken their grant too.
        const one = random.pick(this.#world.actors.filter(({ kind }) => kind !== 'hostile'))
        return void this.#add(trouble, at, { kind: 'revoke', document: one.document, user: one.user })
      }
      default:
        return this.#strikeWorld(trouble, at)
    }
  }

  /** One large stretch in a document is enough: every later edit costs the checkers its whole length. */
  #paste(actor: string, document: string, at: number): void {
    if (this.#pasted.has(document)) return this.edit(at)
    this.#pasted.add(document)
    this.#add('paste', at, { kind: 'paste', actor, place: 1, text: this.#fresh.next(), units: PASTE_UNITS })
  }

  #strikeWorld(trouble: Trouble, at: number): void {
    const random = this.#striking
    const { name: node } = random.pick(this.#world.nodes)
    const { id: document } = random.pick(this.#world.documents)
    // Of several nodes now and then only one is concerned.
    const concerned = this.#world.nodes.length > 1 && random.chance(0.5) ? { node } : {}
    const soon = random.float() * 1_000
    switch (trouble) {
      case 'kill':
        return this.#during(trouble, at, between(random, this.#swarm.downFor), { kind: 'kill', node }, () => ({ kind: 'start', node }))
      case 'drain':
        return this.#during(trouble, at, DRAINED_MS, { kind: 'drain', node }, () => ({ kind: 'start', node }))
      case 'pause':
        return this.#during(trouble, at, random.pick([50, 500, 3_000]) * (0.5 + random.float()), { kind: 'pause', node }, () => ({ kind: 'resume', node }))
      case 'clock':
        return void this.#add(trouble, at, { kind: 'clock', node, byMs: eitherSide(random, random.pick([100, 10_000, 3_600_000])) })
      case 'ambiguous':
        return void this.#add(trouble, at, { kind: 'ambiguous', outcome: random.chance(0.5) ? 'applied' : 'lost', ...concerned })
      case 'storage': {
        const unavailable = random.chance(0.5) ? 'writes' : 'everything'
        return this.#during(trouble, at, soon, { kind: 'storage', unavailable, ...concerned }, () => ({ kind: 'storage', unavailable: 'nothing', ...concerned }))
      }
      case 'storage-slow':
        return this.#during(trouble, at, 3 * soon, { kind: 'storage-slow', delayMs: random.pick([50, 500, 5_000]), ...concerned }, () => ({ kind: 'storage-slow', delayMs: 0, ...concerned }))
      case 'permissions':
      case 'keys':
        return this.#during(trouble, at, 3 * soon, { kind: trouble, available: false, ...concerned }, () => ({ kind: trouble, available: true, ...concerned }))
      case 'partition':
        return this.#during(trouble, at, 3 * soon, { kind: 'partition', ...this.#sides(node), oneWay: random.chance(0.4) }, (begun) => ({ kind: 'heal', partition: begun }))
      case 'lose-tail':
        return void this.#add(trouble, at, { kind: 'lose-tail', document, count: 1 + random.below(4) })
      case 'delete':
        return void this.#add(trouble, at, { kind: 'delete', document })
      case 'flip-bit':
        return void this.#add(trouble, at, { kind: 'flip-bit', document })
    }
  }

  /** A node and the store, a node and an actor, or a node and everybody. Half of the time the other way around, which one-way cuts tell apart. */
  #sides(node: string): { a: readonly string[]; b: readonly string[] } {
    const random = this.#striking
    const other = random.pick(['storage', random.pick(this.#editors).name, 'editors'])
    return random.chance(0.5) ? { a: [node], b: [other] } : { a: [other], b: [node] }
  }

  #other() {
    return this.#world.links['other'] ?? PERFECT
  }

  #during(trouble: Trouble, at: number, ms: number, fields: PlanEventFields, end: (begun: string) => PlanEventFields): void {
    const begun = this.#add(trouble, at, fields)
    this.#add(trouble, at + ms, end(begun), [begun])
  }

  #add(owner: string, at: number, fields: PlanEventFields, needs?: readonly string[]): string {
    return this.#events.add(owner, at, fields, needs)
  }
}
