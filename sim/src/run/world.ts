import { type Rules, RULES } from '@concord/client/testing'
import { RULES as SERVER_RULES, type ServerRules } from '@concord/server/core/rules'
import type { Actor } from '../actors/actor.ts'
import type { ActorWorld } from '../actors/actor-world.ts'
import { Hostile } from '../actors/hostile.ts'
import { Person } from '../actors/person.ts'
import { identityOf, tokenOf } from '../fakes/sim-authenticator.ts'
import { SimStorage } from '../fakes/sim-storage.ts'
import type { StorageBugs } from '../fakes/storage-bugs.ts'
import { KeyedRandom } from '../kernel/keyed-random.ts'
import { Process } from '../kernel/process.ts'
import { Trace } from '../kernel/trace.ts'
import { VirtualTime } from '../kernel/virtual-time.ts'
import { HTTP2_TURNS } from '../network/http2/http2-link.ts'
import type { ActorLink, MakeLink, NodeSide } from '../network/network.ts'
import { type CpuCosts, SimNode } from '../node/sim-node.ts'
import { PERFECT } from '../plan/link-model.ts'
import type { Plan, PlannedActor } from '../plan/plan.ts'
import { describeReceived, describeSent, digestOfSent, FrameDigests } from './watch/frame-digest.ts'
import { CpuShares } from './watch/cpu-shares.ts'
import { Observers } from './watch/observers.ts'
import { Owners } from './watch/owners.ts'
import { Partitions } from './partitions.ts'
import { QueueProbe } from './watch/queue-probe.ts'
import { Sometimes } from './watch/sometimes.ts'
import { Statistics } from './watch/statistics.ts'

/** A node that answers nobody for this long gets no new connections, as with a health check every other second. */
const FOUND_OUT_MS = 5_000

export interface WorldParts {
  readonly plan: Plan
  readonly client: Partial<Rules>
  readonly server: Partial<ServerRules>
  readonly storageBugs: StorageBugs
  readonly costs: CpuCosts
  readonly makeLink: MakeLink
}

/** Everything one run consists of: nodes on shared stores, actors on links, and who watches them. */
export class World {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly trace = new Trace()
  readonly observers = new Observers()
  readonly partitions = new Partitions()
  readonly owners: Owners
  readonly sometimes: Sometimes
  readonly statistics: Statistics
  readonly storage: SimStorage
  readonly nodes: ReadonlyMap<string, SimNode>
  readonly actors: ReadonlyMap<string, Actor>
  readonly queues: QueueProbe
  /** With the processor model alone. */
  readonly cpu: CpuShares | undefined
  /** When the faults ended; undefined before. */
  healedAt: number | undefined
  readonly #parts: WorldParts
  readonly #withPresence: ReadonlySet<string>
  readonly #digests = new FrameDigests()
  readonly #pausedAt = new Map<string, number>()

  constructor(parts: WorldParts) {
    const { plan } = parts
    this.#parts = parts
    this.plan = plan
    this.time = new VirtualTime(plan.seed, plan.level === 'http2' ? HTTP2_TURNS : 0)
    const now = (): number => this.time.now
    this.owners = new Owners(now)
    this.sometimes = new Sometimes(this.owners)
    const documents = new Map(plan.world.actors.map(({ name, document }) => [name, document]))
    const documentOf = (actor: string): string => documents.get(actor) ?? ''
    this.statistics = new Statistics(plan, now, documentOf)
    this.#withPresence = new Set(plan.events.flatMap((event) => (event.kind === 'presence' ? [documentOf(event.actor)] : [])))
    this.#watch()
    this.storage = new SimStorage({
      time: this.time,
      random: new KeyedRandom(plan.seed, 'storage'),
      model: plan.world.storage,
      emit: this.observers.emit,
      blocked: (node) => this.partitions.blocks([node], ['storage']) || this.partitions.blocks(['storage'], [node]),
      bugs: parts.storageBugs,
    })
    this.nodes = new Map(plan.world.nodes.map((planned) => [planned.name, this.#node(planned)]))
    this.queues = new QueueProbe(this.time, this.nodes, this.observers.emit)
    this.cpu = plan.world.cpu ? new CpuShares(this.time, this.statistics.stepMs, () => this.nodes.values()) : undefined
    this.actors = new Map(plan.world.actors.map((planned) => [planned.name, this.#actor(planned)]))
  }

  /** Documents, grants and nodes, before anybody comes. */
  begin(): void {
    for (const document of this.plan.world.documents) this.storage.create(document)
    const readers = this.#readers()
    for (const { document, user, kind, name } of this.plan.world.actors) this.storage.grant(document, user, kind === 'viewer' || readers.has(name) ? 'viewer' : 'editor')
    for (const node of this.nodes.values()) node.start()
    this.queues.begin()
  }

  node(name: string): SimNode {
    const node = this.nodes.get(name)
    if (node === undefined) throw new Error(`the plan names the node ${name}, which its world lacks`)
    return node
  }

  actor(name: string): Actor {
    const actor = this.actors.get(name)
    if (actor === undefined) throw new Error(`the plan names the actor ${name}, which its world lacks`)
    return actor
  }

  kill(name: string): void {
    this.node(name).kill()
    this.owners.gone(name)
    this.#pausedAt.delete(name)
  }

  pause(name: string): void {
    this.node(name).pause()
    this.#pausedAt.set(name, this.time.now)
  }

  resume(name: string): void {
    this.node(name).resume()
    this.#pausedAt.delete(name)
  }

  /** Where a new connection of an actor goes now. After the faults every document has one node. */
  route(actor: PlannedActor): NodeSide | undefined {
    const nodes = [...this.nodes.values()]
    const isSpread = this.plan.world.route === 'spread' && this.healedAt === undefined
    const from = isSpread ? Math.max(0, nodes.findIndex(({ name }) => name === actor.node)) : 0
    const inOrder = [...nodes.slice(from), ...nodes.slice(0, from)]
    return inOrder.find((node) => node.isReady && !this.#isFoundOut(node))
  }

  /** Who is down while it is told to pause is not paused when it starts again. */
  #isFoundOut({ name, process }: SimNode): boolean {
    const since = this.#pausedAt.get(name)
    return process.state === 'paused' && since !== undefined && this.time.now - since > FOUND_OUT_MS
  }

  #watch(): void {
    const { time, trace } = this
    this.observers.add(this.owners.observe)
    this.observers.add(this.sometimes.observe)
    this.observers.add(this.statistics.observe)
    this.observers.add({
      claimed: ({ node, document, epoch }) => trace.note(time.now, node, 'storage', ['claim', document, epoch], () => `claims ${document}: epoch ${epoch}`),
      appended: ({ node, document, epoch, expectedHead, records, outcome }) =>
        trace.note(time.now, node, 'storage', ['append', document, epoch, expectedHead, records.length, outcome], () => `appends ${records.length} after version ${expectedHead} of ${document} in epoch ${epoch}: ${outcome}`),
      ended: ({ actor, node, reason }) => trace.note(time.now, node, actor, ['ended', reason], () => `the stream ends: ${reason}`),
    })
  }

  #node(planned: Plan['world']['nodes'][number]): SimNode {
    const { plan, costs, server } = this.#parts
    const { limitPreset, limits, cpu } = plan.world
    return new SimNode({ time: this.time, planned, storage: this.storage, limitPreset, limits, rules: { ...SERVER_RULES, ...server }, costs: cpu ? costs : undefined, emit: this.observers.emit, trace: this.trace, hasEdge: plan.level === 'http2' })
  }

  #actor(planned: PlannedActor): Actor {
    const world: ActorWorld = {
      now: () => this.time.now,
      later: (delayMs, run) => void this.time.schedule(delayMs, run),
      tab: (name) => new Process(this.time, name),
      url: 'sim:',
      token: async ({ user }) => tokenOf(user),
      clientRules: { ...RULES, ...this.#parts.client },
      random: (name) => new KeyedRandom(this.plan.seed, name),
      link: (actor) => this.#link(actor),
      emit: this.observers.emit,
      encodes: this.plan.level !== 'message',
      showsPresence: (documentId) => this.#withPresence.has(documentId),
      measured: this.statistics.measured,
    }
    return planned.kind === 'hostile' ? new Hostile(planned, world) : new Person(planned, world)
  }

  #link(actor: PlannedActor): ActorLink {
    const model = this.plan.world.links[actor.link]
    if (model === undefined) throw new Error(`${actor.name} uses the link ${actor.link}, which the plan's world lacks`)
    const { name } = actor
    const names = [name, actor.group]
    return this.#parts.makeLink({
      time: this.time,
      random: new KeyedRandom(this.plan.seed, `link ${name}`),
      name,
      identity: identityOf(actor.user),
      unary: actor.unary,
      // What a hostile actor sees must be what the server said, or its attacks would be others than planned.
      model: this.healedAt !== undefined ? PERFECT : actor.kind === 'hostile' ? { ...model, repeat: 0, glitch: 0 } : model,
      route: () => this.route(actor),
      blocked: (node, direction) => (direction === 'up' ? this.partitions.blocks(names, [node.name]) : this.partitions.blocks([node.name], names)),
      observer: {
        sent: (frame) => {
          this.trace.note(this.time.now, name, 'server', digestOfSent(frame), () => describeSent(frame))
          if (frame.kind === 'submit') this.actors.get(name)?.sent(frame.submit)
          this.observers.emit('sent', { actor: name, frame })
        },
        received: (frame, node) => {
          this.trace.note(this.time.now, node, name, this.#digests.of(frame), () => describeReceived(frame))
          this.observers.emit('received', { actor: name, node, frame })
        },
        ended: (reason, node) => this.observers.emit('ended', { actor: name, node, reason }),
      },
    })
  }

  /** Hostile actors that try to write with a reader's role have one. */
  #readers(): ReadonlySet<string> {
    return new Set(this.plan.events.flatMap((event) => (event.kind === 'attack' && event.trick === 'submit as viewer' ? [event.actor] : [])))
  }
}
