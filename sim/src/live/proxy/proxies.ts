import { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { LinkModel } from '../../plan/link-model.ts'
import type { PlanEventKind } from '../../plan/plan-event.ts'
import type { Plan, PlannedActor } from '../../plan/plan.ts'
import { FaultProxy, type ProxyTarget } from './fault-proxy.ts'

/** What concerns one actor's connection alone. */
const OWN: ReadonlySet<PlanEventKind> = new Set<PlanEventKind>(['cut', 'offline', 'online', 'hang', 'stall', 'link', 'distrust'])

/** Actors behind one shared proxy: Node accepts one connection per listener and turn, and a herd comes in one turn. */
const TOGETHER = 10

interface Path {
  readonly proxy: FaultProxy
  /** Names of partitions' sides that it belongs to. */
  readonly names: ReadonlySet<string>
}

/**
 * The ways to the server: one proxy for an actor whose own connection breaks by plan, and one for every ten of the
 * others of a group on the same link.
 */
export class Proxies {
  readonly #paths: readonly Path[]
  readonly #byActor: ReadonlyMap<string, FaultProxy>
  readonly #nodes: ReadonlySet<string>

  private constructor(paths: readonly Path[], byActor: ReadonlyMap<string, FaultProxy>, nodes: ReadonlySet<string>) {
    this.#paths = paths
    this.#byActor = byActor
    this.#nodes = nodes
  }

  static async open(plan: Plan, actors: readonly PlannedActor[], target: ProxyTarget): Promise<Proxies> {
    const single = alone(plan)
    const shared = new Map<string, FaultProxy>()
    const paths: Path[] = []
    const byActor = new Map<string, FaultProxy>()
    const counts = new Map<string, number>()
    for (const { name, group, link } of actors) {
      const crowd = `${group} on ${link}`
      const count = counts.get(crowd) ?? 0
      counts.set(crowd, count + 1)
      const key = single.has(name) ? name : `${crowd}, ${Math.floor(count / TOGETHER)}`
      let proxy = shared.get(key)
      if (proxy === undefined) {
        proxy = await FaultProxy.listen(target, modelOf(plan, link), new KeyedRandom(plan.seed, `proxy ${key}`))
        shared.set(key, proxy)
        paths.push({ proxy, names: new Set(single.has(name) ? [name, group] : [group]) })
      }
      byActor.set(name, proxy)
    }
    return new Proxies(paths, byActor, new Set(plan.world.nodes.map(({ name }) => name)))
  }

  get count(): number {
    return this.#paths.length
  }

  of(actor: string): FaultProxy {
    const proxy = this.#byActor.get(actor)
    if (proxy === undefined) throw new Error(`${actor} has no way to the server: it does not act here`)
    return proxy
  }

  /** Nothing passes from one side to the other. */
  begin(id: string, a: readonly string[], b: readonly string[], oneWay: boolean): void {
    const [people, isUp] = b.some((name) => this.#nodes.has(name)) ? [a, true] : [b, false]
    for (const { proxy, names } of this.#paths) {
      if (!people.some((name) => names.has(name))) continue
      if (!oneWay || isUp) proxy.block('up', id)
      if (!oneWay || !isUp) proxy.block('down', id)
    }
  }

  end(id: string): void {
    for (const { proxy } of this.#paths) {
      proxy.unblock('up', id)
      proxy.unblock('down', id)
    }
  }

  heal(model: LinkModel): void {
    for (const { proxy } of this.#paths) {
      proxy.use(model)
      proxy.heal()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#paths.map(({ proxy }) => proxy.close()))
  }
}

/** Actors that events or partitions name by themselves. */
function alone({ events, world }: Plan): ReadonlySet<string> {
  const names = new Set(world.actors.map(({ name }) => name))
  return new Set(
    events.flatMap((event) => {
      if ('actor' in event) return OWN.has(event.kind) ? [event.actor] : []
      return event.kind === 'partition' ? [...event.a, ...event.b].filter((side) => names.has(side)) : []
    }),
  )
}

function modelOf({ world }: Plan, link: string): LinkModel {
  const model = world.links[link]
  if (model === undefined) throw new Error(`an actor uses the link ${link}, which the plan's world lacks`)
  return model
}
