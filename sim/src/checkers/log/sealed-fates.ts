import type { ClientFrame, Opened } from '@concord/protocol'
import { checkerKind, type CheckerRun } from '../kit/checker-kind.ts'
import { RowReader } from '../kit/history.ts'
import { PerActor } from '../kit/per-actor.ts'
import { PerDocument } from '../kit/per-document.ts'

/** One client id, as far as its submits go. */
interface Submitter {
  session: string
  /** Sent and not known to be decided: number -> session that it was sent in last. */
  readonly open: Map<number, string>
  /** Numbers that can never commit any more. */
  readonly sealed: Set<number>
}

/** R2 and R3: an `opened` decides about everything before it. */
export const sealedFates = checkerKind('fates are sealed', 'What an opened does not report as committed never commits: no submit of an older session of the client id is taken after it (R2).', (run) => {
  const documents = new PerDocument(run.plan, (id) => documentOf(run, id))
  const actors = new PerActor(run.plan, ({ document }) => documents.get(document))
  return {
    on: {
      sent: ({ actor, frame }) => sent(actors.get(actor)?.submitters, frame),
      received: ({ actor, frame }) => {
        const submitters = actors.get(actor)?.submitters
        if (submitters === undefined) return
        if (frame.kind === 'opened') seal(submitters, frame.opened)
      },
      appended: ({ document }) => documents.get(document).rows.read(),
    },
    finish: () => documents.forEach(({ rows }) => rows.read()),
  }
})

function documentOf(run: CheckerRun, id: string): { readonly submitters: Map<string, Submitter>; readonly rows: RowReader } {
  const submitters = new Map<string, Submitter>()
  const rows = new RowReader(
    run.histories.of(id),
    ({ clientId, clientSeq }) => {
      const submitter = submitters.get(clientId)
      if (submitter?.sealed.has(clientSeq) === true && !run.plan.expect.mayLoseTail) run.violated('a submit was committed although the client had been told that it was not (R2)')
      for (const seq of submitter?.open.keys() ?? []) if (seq <= clientSeq) submitter?.open.delete(seq)
    },
    () => submitters.clear(),
  )
  return { submitters, rows }
}

function sent(submitters: Map<string, Submitter> | undefined, frame: ClientFrame): void {
  if (frame.kind !== 'submit') return
  const { clientId, seq, session } = frame.submit
  const submitter = submitters?.get(clientId)
  if (submitter === undefined) return
  // A device that is older than it thinks may use a number again.
  if (session === submitter.session) submitter.sealed.delete(seq)
  else submitter.sealed.add(seq)
  submitter.open.set(seq, session)
}

function seal(submitters: Map<string, Submitter>, { clientId, session, lastSeq }: Opened): void {
  const submitter = submitters.get(clientId) ?? { session, open: new Map(), sealed: new Set() }
  submitters.set(clientId, submitter)
  submitter.session = session
  for (const seq of submitter.open.keys()) if (seq > lastSeq) submitter.sealed.add(seq)
  submitter.open.clear()
}
