import type { ServerFrame } from '@concord/protocol'
import { PerActor } from './per-actor.ts'
import { checkerKind } from './checker-kind.ts'

/** A reader that has seen something sees nothing older. */
export const neverBack = checkerKind('never back', 'No session brings a client back to an older version or an older epoch than it had.', (run) => {
  const { mayLoseTail } = run.plan.expect
  const clients = new PerActor(run.plan, () => ({ epoch: 0, asked: 0, wantsContent: false }), ({ kind }) => kind !== 'hostile')
  const isBack = (what: string): void => {
    if (!mayLoseTail) run.violated(what)
  }
  return {
    on: {
      sent: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client === undefined || frame.kind !== 'open') return
        client.asked = frame.open.version
        client.wantsContent = frame.open.snapshot
      },
      received: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client === undefined) return
        if (frame.kind === 'opened') {
          if (frame.opened.epoch < client.epoch) run.violated('a session was opened under an epoch older than the one that wrote what the client has')
          if (frame.opened.head < client.asked) isBack('a session was opened at a head below what the client has')
          // The server may find out first that the content is not to be trusted.
          client.wantsContent ||= frame.opened.reason !== undefined
          return
        }
        client.epoch = Math.max(client.epoch, writerOf(frame))
        // Who does not trust its own content takes any, with the changes that follow.
        if (frame.kind === 'snapshot' && !client.wantsContent && frame.snapshot.version < client.asked) isBack('a client was given a content that is older than its own')
      },
    },
  }
})

/** The epoch that wrote what a frame brings; 0 when it brings nothing. An epoch that wrote nothing makes nobody go back. */
function writerOf(frame: ServerFrame): number {
  switch (frame.kind) {
    case 'change':
      return frame.change.epoch
    case 'ack':
      return frame.ack.epoch
    case 'composed':
      return frame.composed.epoch
    case 'snapshot':
      return frame.snapshot.epoch
    default:
      return 0
  }
}
