import type { ServerFrame } from '@concord/protocol'
import type { PlanEvent } from '../plan/plan-event.ts'
import { PerActor } from './per-actor.ts'
import { checkerKind } from './checker-kind.ts'
import { VersionsInTime } from './versions-in-time.ts'

/** A removed grant ends delivery within this (limits: `roleCacheMs`). Milliseconds. */
const WITHIN_MS = 5_000

/** Where nodes cannot hear of the removal at once: what a carrier is told late. */
const SLACK_MS = 1_500

/**
 * Judged by when a version became durable and when an `open` left, not by when a frame arrives: what was under way before
 * may take as long as its link does.
 */
export const revocation = checkerKind('revoked', 'A user whose grant was removed is told of nothing that is committed more than 5 s later, and opens nothing.', (run) => {
  /** Document and user, with the time of the removal. */
  const removed = new Map<string, number>()
  const times = new VersionsInTime(() => run.now())
  const actors = new PerActor(run.plan, ({ user, document }) => ({ key: `${document} ${user}`, document, openedAt: 0 }))
  const { roleStaleMs } = { roleStaleMs: 60_000, ...run.plan.world.limits }
  const trouble = new Map(run.plan.events.flatMap((event) => (isOfSource(event) ? [[event.id, isDownAfter(event)] as const] : [])))
  let isSourceDown = false
  let wasDownAt = Number.NEGATIVE_INFINITY
  const bound = (since: number): number => (isSourceDown || wasDownAt > since - roleStaleMs ? roleStaleMs : WITHIN_MS) + SLACK_MS
  return {
    on: {
      event: ({ id }) => {
        const isDown = trouble.get(id)
        if (isDown === undefined) return
        isSourceDown = isDown
        wasDownAt = run.now()
      },
      appended: (seen) => times.appended(seen),
      role: ({ document, user, role }) => {
        if (role === undefined) removed.set(`${document} ${user}`, run.now())
        else removed.delete(`${document} ${user}`)
      },
      sent: ({ actor, frame }) => {
        const one = actors.get(actor)
        if (one !== undefined && frame.kind === 'open') one.openedAt = run.now()
      },
      received: ({ actor, frame }) => {
        if (removed.size === 0) return
        const one = actors.get(actor)
        const since = one === undefined ? undefined : removed.get(one.key)
        if (one === undefined || since === undefined) return
        const version = versionOf(frame)
        const committedAt = version === undefined ? undefined : times.of(one.document, version)
        if (committedAt !== undefined && committedAt > since + bound(since)) run.violated('a user without a grant was told of a version that was committed later')
        if (frame.kind === 'opened' && frame.opened.reason === undefined && one.openedAt > since + bound(since)) run.violated('a user without a grant opened the document')
      },
    },
  }
})

type SourceEvent = Extract<PlanEvent, { kind: 'permissions' | 'storage' | 'storage-slow' }>

/** Roles are asked of the store. */
function isOfSource(event: PlanEvent): event is SourceEvent {
  return event.kind === 'permissions' || event.kind === 'storage' || event.kind === 'storage-slow'
}

function isDownAfter(event: SourceEvent): boolean {
  switch (event.kind) {
    case 'permissions':
      return !event.available
    case 'storage':
      return event.unavailable === 'everything'
    case 'storage-slow':
      return event.delayMs > 0
  }
}

function versionOf(frame: ServerFrame): number | undefined {
  switch (frame.kind) {
    case 'change':
      return frame.change.version
    case 'composed':
      return frame.composed.toVersion
    case 'snapshot':
      return frame.snapshot.version
    default:
      return undefined
  }
}
