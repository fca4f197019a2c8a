import { PerActor } from './per-actor.ts'
import { checkerKind } from './checker-kind.ts'

/** A reader that has seen something sees nothing older. */
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
          if (frame.opened.epoch < client.epoch) run.violated('a session was opened under an older epoch than the client has heard of')
          if (frame.opened.head < client.asked) isBack('a session was opened at a head below what the client has')
          client.epoch = Math.max(client.epoch, frame.opened.epoch)
        } else if (frame.kind === 'snapshot' && frame.snapshot.version < client.asked) isBack('a client was given a content that is older than its own')
      },
    },
  }
})
