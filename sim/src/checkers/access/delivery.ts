import type { Change, Opened } from '@concord/protocol'
import { PerActor } from '../kit/per-actor.ts'
import { checkerKind } from '../kit/checker-kind.ts'

/** Isolation of documents, tenants and users. */
export const delivery = checkerKind('own document', 'A client is told of its own document as its own user, never of another document or tenant.', (run) => {
  const ids = run.plan.world.documents.map(({ id }) => id)
  const readers = new PerActor(run.plan, (actor) => ({ actor, history: run.histories.of(actor.document) }))
  const isOf = (document: string, { version, author, at }: Change): boolean => {
    const row = run.histories.of(document).row(version)
    return row !== undefined && row.clientId === author.clientId && row.at === at
  }
  const onChange = (own: string, change: Change): void => {
    if (!isOf(own, change) && ids.some((id) => id !== own && isOf(id, change))) run.violated('a change of another document was delivered')
  }
  const onOpened = ({ user, document }: { readonly user: string; readonly document: string }, { userId, head }: Opened): void => {
    if (userId !== user) run.violated('a session was opened for another user')
    if (head > run.histories.of(document).head && !run.plan.expect.mayLoseTail) run.violated('a session was opened at a head that its document does not have')
  }
  return {
    on: {
      received: ({ actor, frame }) => {
        if (frame.kind !== 'change' && frame.kind !== 'opened') return
        const reader = readers.get(actor)
        if (reader === undefined) return
        if (frame.kind === 'opened') return onOpened(reader.actor, frame.opened)
        const row = reader.history.row(frame.change.version)
        if (row === undefined || row.clientId !== frame.change.author.clientId || row.at !== frame.change.at) onChange(reader.actor.document, frame.change)
      },
    },
  }
})
