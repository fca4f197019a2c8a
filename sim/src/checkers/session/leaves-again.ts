import type { ServerFrame } from '@concord/protocol'
import { checkerKind } from '../kit/checker-kind.ts'
import { PerActor } from '../kit/per-actor.ts'

/** A client that is in step submits at once; refusals that may be tried again ask for a second or so. Milliseconds. */
const WITHIN_MS = 10_000

interface Client {
  /** Number of the submit without a decision. */
  inFlight: number | undefined
  version: number
  /** Head that the last opened named, when it withdrew a submit. */
  head: number | undefined
  /** When the client was in step with that head. */
  liveAt: number | undefined
}

/** R3 and R5: an opened takes the submit in flight back, and the client sends what it holds again, whoever asked for that opened. */
export const leavesAgain = checkerKind('edits leave again', 'What an opened does not report as committed leaves again once the client is in step (R3, R5).', (run) => {
  const clients = new PerActor<Client>(run.plan, () => ({ inFlight: undefined, version: 0, head: undefined, liveAt: undefined }), ({ kind }) => kind === 'editor')
  const settle = (client: Client | undefined): void => {
    if (client !== undefined) client.head = client.liveAt = undefined
  }
  const look = (client: Client): void => {
    if (client.head === undefined) return
    if (client.version >= client.head) client.liveAt ??= run.now()
    if (client.liveAt !== undefined && run.now() - client.liveAt > WITHIN_MS) run.violated('a client that is in step does not submit again what an opened took back')
  }
  return {
    on: {
      sent: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client === undefined) return
        look(client)
        if (frame.kind === 'submit') client.inFlight = frame.submit.seq
        if (frame.kind === 'open') client.version = frame.open.version
        if (frame.kind !== 'progress') settle(client)
      },
      received: ({ actor, frame }) => {
        const client = clients.get(actor)
        if (client === undefined) return
        follow(client, frame)
        look(client)
      },
      status: ({ actor, pending }) => pending === 0 && settle(clients.get(actor)),
      ended: ({ actor }) => settle(clients.get(actor)),
    },
    finish: () => {
      for (const { state } of clients.entries()) look(state)
    },
  }
})

function follow(client: Client, frame: ServerFrame): void {
  switch (frame.kind) {
    case 'opened':
      client.head = client.inFlight !== undefined && client.inFlight > frame.opened.lastSeq ? frame.opened.head : undefined
      client.liveAt = undefined
      return
    case 'ack':
      client.inFlight = undefined
      return reach(client, frame.ack.version - 1, frame.ack.version)
    case 'reject':
      client.inFlight = undefined
      return
    case 'change':
      return reach(client, frame.change.version - 1, frame.change.version)
    case 'composed':
      return reach(client, frame.composed.fromVersion, frame.composed.toVersion)
    case 'snapshot':
      client.version = frame.snapshot.version
  }
}

/** A client that lost a version opens again, whenever its gate lets it: it is not in step. */
function reach(client: Client, from: number, to: number): void {
  if (from > client.version) client.head = client.liveAt = undefined
  client.version = to
}
