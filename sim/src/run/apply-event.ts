import type { Actor, ActorPlanEvent } from '../actors/actor.ts'
import { describeEvent } from '../plan/describe-event.ts'
import type { PlanEvent } from '../plan/plan-event.ts'
import type { World } from './world.ts'

/** Makes one planned event happen now. */
export function applyEvent(world: World, event: PlanEvent): void {
  const lane = 'actor' in event ? event.actor : 'node' in event && event.node !== undefined ? event.node : 'plan'
  world.trace.note(world.time.now, lane, undefined, [event.id, event.kind], () => describeEvent(event))
  world.observers.emit('event', { id: event.id, kind: event.kind })
  if ('actor' in event) return applyToActor(world, event)
  if ('document' in event) return applyToDocument(world, event)
  switch (event.kind) {
    case 'kill':
      return world.kill(event.node)
    case 'start':
      return world.node(event.node).start()
    case 'drain':
      return world.node(event.node).drain()
    case 'pause':
      return world.pause(event.node)
    case 'resume':
      return world.resume(event.node)
    case 'clock':
      return world.node(event.node).clock(event.byMs)
    case 'slow':
      return world.node(event.node).slow(event.factor)
    case 'ambiguous':
      return world.storage.ambiguous(event.outcome, event.node)
    case 'storage':
      return world.storage.unavailable(event.unavailable, event.node)
    case 'storage-slow':
      return world.storage.slow(event.delayMs, event.node)
    case 'permissions':
      return world.storage.permissions(event.available, event.node)
    case 'keys':
      return world.storage.keys(event.available, event.node)
    case 'partition':
      return world.partitions.begin(event.id, event.a, event.b, event.oneWay)
    case 'heal':
      return world.partitions.end(event.partition)
  }
}

function applyToActor(world: World, event: ActorPlanEvent): void {
  const actor = world.actor(event.actor)
  actor.act(event)
  if (event.kind === 'leave') world.statistics.left(event.actor)
  if (event.kind === 'online') world.statistics.reachable(event.actor)
}

function applyToDocument(world: World, event: Extract<PlanEvent, { readonly document: string }>): void {
  const { document } = event
  switch (event.kind) {
    case 'role':
    case 'revoke': {
      const role = event.kind === 'role' ? event.role : undefined
      for (const actor of concerned(world, document, event.user)) {
        actor.expect('refusal')
        if (role === undefined) actor.expect('end')
      }
      world.storage.grant(document, event.user, role)
      world.observers.emit('role', { document, user: event.user, role })
      for (const node of world.nodes.values()) node.roleChanged(document, event.user)
      return
    }
    case 'delete':
      for (const actor of concerned(world, document)) {
        actor.expect('refusal')
        actor.expect('end')
      }
      world.storage.delete(document)
      for (const node of world.nodes.values()) node.deleted(document)
      return
    case 'lose-tail':
      for (const actor of world.actors.values()) actor.expect('divergence')
      for (const name of world.nodes.keys()) world.kill(name)
      world.storage.loseTail(document, event.count)
      for (const node of world.nodes.values()) node.start()
      return
    case 'flip-bit':
      return void world.storage.flipBit(document)
  }
}

function concerned(world: World, document: string, user?: string): Actor[] {
  return [...world.actors.values()].filter(({ planned }) => planned.document === document && (user === undefined || planned.user === user))
}
