import { checkerKind } from '../kit/checker-kind.ts'
import { RowReader } from '../kit/history.ts'
import { PerDocument } from '../kit/per-document.ts'

/** R7. */
export const onceOnly = checkerKind('operation once', 'A submit, which is a client id and a sequence number, is in the log at most once.', (run) => {
  const readers = new PerDocument(run.plan, (id) => {
    const seen = new Set<string>()
    return new RowReader(
      run.histories.of(id),
      ({ clientId, clientSeq }) => {
        const submit = `${clientId}:${clientSeq}`
        if (seen.has(submit)) run.violated('a submit was committed twice (R7)')
        seen.add(submit)
      },
      () => seen.clear(),
    )
  })
  const read = ({ document }: { readonly document: string }): void => readers.get(document).read()
  return { on: { appended: read, claimed: read }, finish: () => readers.forEach((reader) => reader.read()) }
})
