import type { PlanEvent } from '../../plan/plan-event.ts'
import type { Plan } from '../../plan/plan.ts'

export interface Skipped {
  readonly id: string
  readonly why: string
}

/** What a live run has at hand. */
export interface Deployment {
  /** The server is a process of ours: it may be killed and paused. */
  readonly isOurs: boolean
}

/** What of a plan a deployment cannot do, event by event, and what of its world. */
export function skippedOf(plan: Plan, deployment: Deployment): Skipped[] {
  const events = plan.events.flatMap((event) => {
    const why = whyNot(event, plan, deployment)
    return why === undefined ? [] : [{ id: event.id, why }]
  })
  // A partition that never began does not end.
  const none = new Set(events.map(({ id }) => id))
  const ends = plan.events.flatMap((event) => (event.kind === 'heal' && none.has(event.partition) ? [{ id: event.id, why: 'what it ends was left out' }] : []))
  return [...events, ...ends, ...worldOf(plan, deployment)]
}

function whyNot(event: PlanEvent, plan: Plan, { isOurs }: Deployment): string | undefined {
  switch (event.kind) {
    case 'kill':
    case 'start':
    case 'drain':
    case 'pause':
    case 'resume':
      if (!isOurs) return 'the server was there before and is not ours to stop'
      return event.node === plan.world.nodes[0]?.name ? undefined : `this deployment has one server, and ${event.node} is another`
    case 'clock':
      return 'the clock of the machine is not ours to turn'
    case 'slow':
      return 'a real processor is as fast as it is'
    case 'storage':
    case 'storage-slow':
    case 'ambiguous':
      return 'the store is inside the server, where no proxy stands'
    case 'permissions':
      return 'roles are asked for inside the server, where no proxy stands'
    case 'keys':
      return 'a server in development mode fetches no keys'
    case 'lose-tail':
    case 'flip-bit':
      return 'files of a running store are not touched'
    case 'partition':
      return isOnThePath(event, plan) ? undefined : 'a proxy stands between clients and the server, nowhere else'
    default:
      return undefined
  }
}

/** Whether one side is people and the other the server, and neither anything else. */
export function isOnThePath({ a, b }: { readonly a: readonly string[]; readonly b: readonly string[] }, { world }: Plan): boolean {
  const people = new Set(world.actors.flatMap(({ name, group }) => [name, group]))
  const [node] = world.nodes
  const areAll = (side: readonly string[], names: { has(name: string): boolean }): boolean => side.length > 0 && side.every((name) => names.has(name))
  const servers = new Set([node?.name])
  return (areAll(a, people) && areAll(b, servers)) || (areAll(b, people) && areAll(a, servers))
}

/** What the world of the plan says and a real one cannot be told. */
function worldOf({ world, bugs }: Plan, { isOurs }: Deployment): Skipped[] {
  const links = Object.entries(world.links).flatMap(([name, { repeat, glitch, slowReadMs }]) =>
    repeat > 0 || glitch > 0 || slowReadMs > 0 ? [{ id: `link ${name}`, why: 'a proxy of bytes repeats, loses and leaves lying no single frames: the rest of the model holds' }] : [],
  )
  const others = world.nodes.slice(1).map(({ name }) => ({ id: `node ${name}`, why: 'this deployment has one server' }))
  const limits = Object.keys(world.limits).length > 0 ? [{ id: 'limits', why: `the server runs with its own: ${isOurs ? 'the preset loadtest' : 'whatever it was started with'}` }] : []
  const storage = world.storage.delayMs > 0 ? [{ id: 'storage', why: 'the store takes as long as it takes' }] : []
  const skew = world.nodes.some(({ skewMs }) => skewMs !== 0) ? [{ id: 'skew', why: 'the clock of the machine is not ours to turn' }] : []
  return [...links, ...others, ...limits, ...storage, ...skew, ...bugs.map((bug) => ({ id: `bug ${bug}`, why: 'no bug can be planted in a server that runs' }))]
}
