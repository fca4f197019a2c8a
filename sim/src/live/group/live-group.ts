import { RULES } from '@concord/client/testing'
import { systemRuntime, type TimerHandle } from '@concord/runtime'
import type { Actor } from '../../actors/actor.ts'
import type { ActorWorld } from '../../actors/actor-world.ts'
import { Hostile } from '../../actors/hostile.ts'
import { Person } from '../../actors/person.ts'
import { KeyedRandom } from '../../kernel/keyed-random.ts'
import { PERFECT } from '../../plan/link-model.ts'
import type { PlanEvent } from '../../plan/plan-event.ts'
import type { Plan, PlannedActor } from '../../plan/plan.ts'
import type { Replica } from '../../checkers/checker.ts'
import type { ProxyTarget } from '../proxy/fault-proxy.ts'
import { type Carrying, LiveLink } from './live-link.ts'
import { LiveTab } from './live-tab.ts'
import { plainReplica, replicaOf } from './plain-replica.ts'
import { Proxies } from '../proxy/proxies.ts'
import { type Recorded, Recording } from '../judge/recording.ts'
import { Tokens } from './tokens.ts'

export interface GroupParts {
  readonly plan: Plan
  /** Names of those who act here. */
  readonly actors: readonly string[]
  /** Ids of events that are left out. */
  readonly skipped: readonly string[]
  /** The server itself. */
  readonly url: string
  readonly target: ProxyTarget
  /** Share of the actors whose sessions are streams over HTTP/2 instead of a WebSocket. */
  readonly streams: number
}

export type Expected = Parameters<Actor['expect']>[0]

/** Some of the actors of a live run, in this process or in another. */
export interface Group {
  /** @param beganAt when the run begins, in milliseconds since 1970, with fractions */
  begin(beganAt: number): Promise<void>
  /** Something was planned that explains what those will hear who have the document open. */
  expect(document: string, user: string | undefined, what: readonly Expected[]): Promise<void>
  /** The faults are over. */
  heal(): Promise<void>
  /** Why they are not at rest; undefined when they are. */
  unrest(): Promise<string | undefined>
  findings(): Promise<GroupFindings>
  close(): Promise<void>
}

export interface GroupFindings {
  readonly entries: readonly Recorded[]
  readonly replicas: readonly Replica[]
  /** How much later than planned an event took place at most, in milliseconds. */
  readonly latestMs: number
}

/** Milliseconds since 1970 with fractions, the same in all processes of a machine. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now()
}

type ActorEvent = Extract<PlanEvent, { readonly actor: string }>
type PathEvent = Extract<PlanEvent, { readonly kind: 'partition' | 'heal' }>

/** Actors of this process: real clients on the real clock, through proxies. */
export class LiveGroup implements Group {
  readonly #parts: GroupParts
  readonly #proxies: Proxies
  readonly #tokens: Tokens
  readonly #recording: Recording
  readonly #actors: ReadonlyMap<string, Actor>
  readonly #events: readonly (ActorEvent | PathEvent)[]
  readonly #withPresence: ReadonlySet<string>
  #began = 0
  #next = 0
  #latestMs = 0
  #timer: TimerHandle | undefined

  private constructor(parts: GroupParts, proxies: Proxies, tokens: Tokens) {
    const { plan } = parts
    this.#parts = parts
    this.#proxies = proxies
    this.#tokens = tokens
    const names = new Set(parts.actors)
    const skipped = new Set(parts.skipped)
    const documents = new Map(plan.world.actors.map(({ name, document }) => [name, document]))
    this.#recording = new Recording(this.#now, (actor) => documents.get(actor) ?? '')
    this.#withPresence = new Set(plan.events.flatMap((event) => (event.kind === 'presence' ? [documents.get(event.actor) ?? ''] : [])))
    this.#actors = new Map(plan.world.actors.filter(({ name }) => names.has(name)).map((planned) => [planned.name, this.#actor(planned)]))
    this.#events = plan.events.filter((event) => isOurs(event, names)).filter(({ id }) => !skipped.has(id))
  }

  static async open(parts: GroupParts): Promise<LiveGroup> {
    const tokens = new Tokens(parts.url)
    const names = new Set(parts.actors)
    const actors = parts.plan.world.actors.filter(({ name }) => names.has(name))
    await tokens.prepare([...new Set(actors.map(({ user }) => user))])
    return new LiveGroup(parts, await Proxies.open(parts.plan, actors, parts.target), tokens)
  }

  async begin(beganAt: number): Promise<void> {
    this.#began = beganAt
    this.#wait()
  }

  async expect(document: string, user: string | undefined, what: readonly Expected[]): Promise<void> {
    for (const actor of this.#actors.values()) {
      if (actor.planned.document !== document || (user !== undefined && actor.planned.user !== user)) continue
      for (const one of what) actor.expect(one)
    }
  }

  async heal(): Promise<void> {
    if (this.#timer !== undefined) systemRuntime.timers.clear(this.#timer)
    this.#proxies.heal(PERFECT)
    for (const actor of this.#actors.values()) actor.heal()
  }

  async unrest(): Promise<string | undefined> {
    const versions = new Map<string, number>()
    for (const actor of this.#actors.values()) {
      if (!actor.isExpected) continue
      const { document, planned } = actor
      if (document === undefined || !actor.atRest) return `${planned.name}: ${actor.describe()}`
      const known = versions.get(planned.document) ?? document.version
      versions.set(planned.document, known)
      if (known !== document.version) return `${planned.name} is at version ${document.version}, another at ${known}`
    }
    return undefined
  }

  async findings(): Promise<GroupFindings> {
    const replicas = [...this.#actors.values()].map(({ planned, document, isExpected }) => ({ actor: planned.name, user: planned.user, documentId: planned.document, document, expected: isExpected }))
    // As they are now: they are closed before anybody judges.
    return { entries: this.#recording.entries, replicas: replicas.map((replica) => replicaOf(plainReplica(replica))), latestMs: this.#latestMs }
  }

  async close(): Promise<void> {
    if (this.#timer !== undefined) systemRuntime.timers.clear(this.#timer)
    for (const actor of this.#actors.values()) {
      if (actor.planned.kind === 'hostile') actor.link?.close()
      else if (actor.document !== undefined || actor.isExpected) actor.act({ kind: 'leave', actor: actor.planned.name, id: 'the end', at: this.#now() })
    }
    await this.#proxies.close()
  }

  readonly #now = (): number => wallNow() - this.#began

  /** Until the next event is due. */
  #wait(): void {
    const next = this.#events[this.#next]
    if (next === undefined || next.at >= this.#parts.plan.endMs) return
    this.#timer = systemRuntime.timers.set(Math.max(0, next.at - this.#now()), () => {
      this.#due()
      this.#wait()
    })
  }

  /** Everything that is due; a timer may be early by a part of a millisecond. */
  #due(): void {
    for (let event = this.#events[this.#next]; event !== undefined && event.at <= this.#now() + 0.5; event = this.#events[this.#next]) {
      this.#next += 1
      this.#latestMs = Math.max(this.#latestMs, this.#now() - event.at)
      this.#apply(event)
    }
  }

  #apply(event: ActorEvent | PathEvent): void {
    if (event.kind === 'partition') return this.#proxies.begin(event.id, event.a, event.b, event.oneWay)
    if (event.kind === 'heal') return this.#proxies.end(event.partition)
    this.#recording.emit('event', { id: event.id, kind: event.kind })
    this.#actors.get(event.actor)?.act(event)
  }

  #actor(planned: PlannedActor): Actor {
    const { plan } = this.#parts
    const tab = new LiveTab()
    const world: ActorWorld = {
      now: this.#now,
      later: (delayMs, run) => void systemRuntime.timers.set(delayMs, run),
      tab: () => tab,
      url: this.#parts.url,
      encodes: true,
      token: ({ user }) => this.#tokens.of(user),
      clientRules: RULES,
      random: (name) => new KeyedRandom(plan.seed, name),
      link: () => this.#link(planned, tab),
      emit: this.#recording.emit,
      showsPresence: (documentId) => this.#withPresence.has(documentId),
      measured: this.#recording.measured,
    }
    return planned.kind === 'hostile' ? new Hostile(planned, world) : new Person(planned, world)
  }

  #link(planned: PlannedActor, tab: LiveTab): LiveLink {
    const { name } = planned
    const { emit } = this.#recording
    const node = this.#parts.plan.world.nodes[0]?.name ?? 'server'
    return new LiveLink({
      proxy: this.#proxies.of(name),
      carrying: this.#carrying(planned),
      token: () => this.#tokens.of(planned.user),
      runtime: tab.runtime,
      observer: {
        sent: (frame) => {
          if (frame.kind === 'submit') this.#actors.get(name)?.sent(frame.submit)
          emit('sent', { actor: name, frame })
        },
        received: (frame) => emit('received', { actor: name, node, frame }),
        ended: (reason) => emit('ended', { actor: name, node, reason }),
      },
    })
  }

  #carrying({ name, unary }: PlannedActor): Carrying {
    if (unary) return 'calls'
    return new KeyedRandom(this.#parts.plan.seed, `carrying ${name}`).chance(this.#parts.streams) ? 'streams' : 'socket'
  }
}

/** Partitions concern everybody's proxies; what happens to the server is for whoever has it. */
function isOurs(event: PlanEvent, names: ReadonlySet<string>): event is ActorEvent | PathEvent {
  return 'actor' in event ? names.has(event.actor) : event.kind === 'partition' || event.kind === 'heal'
}
