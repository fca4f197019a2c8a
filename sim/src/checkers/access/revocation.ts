import type { ServerFrame } from '@concord/protocol'
import { PerActor } from '../kit/per-actor.ts'
import { checkerKind } from '../kit/checker-kind.ts'
import { PerDocument } from '../kit/per-document.ts'
import { SourceTrouble } from '../kit/source-trouble.ts'

/** A removed grant ends delivery within 5 s (limits: `roleCacheMs`), and a little more for ticks and the way to the store. Milliseconds. */
const WITHIN_MS = 6_500

/**
 * Judged by when a version became durable and when an `open` left, not by when a frame arrives: what was under way before
 * may take as long as its link does. While roles cannot be asked for, old ones still read for a minute (`roleStaleMs`).
 */
export const revocation = checkerKind('revoked', 'A user whose grant was removed is told of nothing that is committed more than 5 s later, and opens nothing.', (run) => {
  /** Document and user, with the time of the removal. */
  const removed = new Map<string, number>()
  const trouble = new SourceTrouble(run.plan)
  const actors = new PerActor(run.plan, ({ user, document }) => ({ key: `${document} ${user}`, document, openedAfter: Number.NEGATIVE_INFINITY }))
  const { roleStaleMs } = { roleStaleMs: 60_000, ...run.plan.world.limits }
  /** A grant that was removed before this moment is known to be removed now. */
  const knownBefore = (): number => {
    const calmSince = trouble.calmSince(run.now())
    return run.now() - (calmSince === undefined || run.now() - calmSince < WITHIN_MS ? roleStaleMs + WITHIN_MS : WITHIN_MS)
  }
  /** By version: grants removed before this moment must not see it. */
  const versions = new PerDocument<number[]>(run.plan, () => [])
  return {
    on: {
      event: ({ id }) => trouble.event(id, run.now()),
      appended: ({ document, records, outcome }) => {
        if (outcome === 'committed') for (const { version } of records) versions.get(document)[version] = knownBefore()
      },
      role: ({ document, user, role }) => {
        const key = `${document} ${user}`
        if (role !== undefined) removed.delete(key)
        else if (!removed.has(key)) removed.set(key, run.now())
      },
      sent: ({ actor, frame }) => {
        const one = actors.get(actor)
        if (one !== undefined && frame.kind === 'open') one.openedAfter = knownBefore()
      },
      received: ({ actor, frame }) => {
        if (removed.size === 0) return
        const one = actors.get(actor)
        const since = one === undefined ? undefined : removed.get(one.key)
        if (one === undefined || since === undefined) return
        const version = versionOf(frame)
        if (version !== undefined && since < (versions.get(one.document)[version] ?? since)) run.violated('a user without a grant was told of a version that was committed later')
        if (frame.kind === 'opened' && frame.opened.reason === undefined && since < one.openedAfter) run.violated('a user without a grant opened the document')
      },
    },
  }
})

/** The newest version that a frame tells of. */
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
