import type { Operation } from '@concord/ot'
import type { Opened, ServerFrame, SnapshotChunk } from '@concord/protocol'
import { PerActor } from '../kit/per-actor.ts'
import { checkerKind, type CheckerRun } from '../kit/checker-kind.ts'

/** One client's stream, as far as versions go. */
interface Stream {
  clientId: string
  /** Version that an `open` under way names. */
  asked: number | undefined
  /** Version the reader has; undefined in the middle of a content. */
  at: number | undefined
}

/** R1 and R4 as a stream keeps them. Links that lose frames by themselves are left out: what the client does then is another checker's. */
export const streamSlots = checkerKind('stream slots', 'A session stream delivers every version once, in order, and an own commit as an ack (R1).', (run) => {
  const { world, events } = run.plan
  const isWhole = (link: string): boolean => (world.links[link]?.glitch ?? 0) === 0
  const streams = new PerActor<Stream>(run.plan, () => ({ clientId: '', asked: undefined, at: 0 }), ({ kind, link }) => kind !== 'hostile' && isWhole(link))
  const losing = new Map(events.flatMap((event) => (event.kind === 'link' && event.model.glitch > 0 ? [[event.id, event.actor] as const] : [])))
  return {
    on: {
      event: ({ id }) => {
        const actor = losing.get(id)
        if (actor !== undefined) streams.drop(actor)
      },
      sent: ({ actor, frame }) => {
        const stream = streams.get(actor)
        if (stream !== undefined && frame.kind === 'open') stream.asked = frame.open.version
      },
      received: ({ actor, frame }) => {
        const stream = streams.get(actor)
        if (stream !== undefined) follow(stream, frame, run)
      },
    },
  }
})

function follow(stream: Stream, frame: ServerFrame, run: CheckerRun): void {
  switch (frame.kind) {
    case 'opened':
      return begin(stream, frame.opened)
    case 'snapshot':
      if (isLast(frame.snapshot)) stream.at = frame.snapshot.version
      return
    case 'change':
      if (frame.change.author.clientId === stream.clientId) run.violated("a client's own version came as a change")
      return move(stream, frame.change.version - 1, frame.change.version, run)
    case 'ack':
      return move(stream, frame.ack.version - 1, frame.ack.version, run)
    case 'composed':
      return move(stream, frame.composed.fromVersion, frame.composed.toVersion, run)
    default:
      return
  }
}

function begin(stream: Stream, opened: Opened): void {
  stream.clientId = opened.clientId
  stream.at = opened.resume === 'snapshot' ? undefined : (stream.asked ?? stream.at)
  stream.asked = undefined
}

function move(stream: Stream, from: number, to: number, run: CheckerRun): void {
  if (stream.at === undefined) run.violated('a version came before the content was complete')
  else if (from !== stream.at || to <= from) run.violated('a version came that is not the next one')
  stream.at = to
}

function isLast({ offset, total, content }: SnapshotChunk): boolean {
  return offset + unitsOf(content) === total
}

/** A content holds nothing but inserts. */
export function unitsOf(content: Operation): number {
  return content.text.length + content.embeds.length
}
