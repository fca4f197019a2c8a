import type { ServerFrame } from '@concord/protocol'
import { PerActor } from '../kit/per-actor.ts'
import { checkerKind } from '../kit/checker-kind.ts'

/** What a reader has seen it sees again once it is in step; a content may be older when changes follow that lead to the head. */
export const neverBack = checkerKind('never back', 'No session brings a client back to an older version or an older epoch than it had.', (run) => {
  const { mayLoseTail } = run.plan.expect
  const clients = new PerActor(run.plan, () => ({ epoch: 0, asked: 0 }), ({ kind }) => kind !== 'hostile')
  const isBack = (what: string): void => {
    if (!mayLoseTail) run.violated(what)
  }
  return {
    on: {
      sent: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client !== undefined && frame.kind === 'open') client.asked = frame.open.version
      },
      received: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client === undefined) return
        if (frame.kind === 'opened') {
          if (frame.opened.epoch < client.epoch) run.violated('a session was opened under an epoch older than the one that wrote what the client has')
          if (frame.opened.head < client.asked) isBack('a session was opened at a head below what the client has')
          return
        }
        client.epoch = Math.max(client.epoch, writerOf(frame))
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
