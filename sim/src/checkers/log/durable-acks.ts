import type { Ack } from '@concord/protocol'
import { PerActor } from '../kit/per-actor.ts'
import { checkerKind } from '../kit/checker-kind.ts'

interface Acked {
  readonly document: string
  readonly clientId: string
  readonly seq: number
  readonly version: number
}

/** What is told is in the log, at that moment and for ever. */
export const durableAcks = checkerKind('ack is durable', 'An acknowledged operation is in the log when the ack arrives and stays there, once; nobody sees a version that is not in the log.', (run) => {
  const { mayLoseTail } = run.plan.expect
  const acked: Acked[] = []
  const clients = new PerActor(run.plan, ({ document }) => ({ history: run.histories.of(document), document, clientId: '' }), ({ kind }) => kind !== 'hostile')
  const isThere = ({ document, clientId, seq, version }: Acked): boolean => {
    const row = run.histories.of(document).row(version)
    return row !== undefined && row.clientId === clientId && row.clientSeq === seq
  }
  const onAck = (client: { readonly document: string; readonly clientId: string }, { seq, version }: Ack): void => {
    const one = { document: client.document, clientId: client.clientId, seq, version }
    if (isThere(one)) acked.push(one)
    else if (!mayLoseTail) run.violated('an ack arrived for an operation that is not in the log at its version')
  }
  return {
    on: {
      received: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client === undefined) return
        if (frame.kind === 'opened') client.clientId = frame.opened.clientId
        else if (frame.kind === 'ack') onAck(client, frame.ack)
        else if (frame.kind === 'change' && frame.change.version > client.history.head && !mayLoseTail) run.violated('a version was delivered that is not in the log')
        else if (frame.kind === 'composed' && frame.composed.toVersion > client.history.head && !mayLoseTail) run.violated('versions were delivered that are not in the log')
      },
      committed: ({ actor, clientId, version, own }) => {
        const client = clients.get(actor)
        if (client === undefined || !own || mayLoseTail) return
        if (client.history.row(version)?.clientId !== clientId) run.violated('a client took a version for its own that is not')
      },
    },
    finish: () => {
      if (!mayLoseTail && !acked.every(isThere)) run.violated('an acknowledged operation is not in the log any more')
    },
  }
})
