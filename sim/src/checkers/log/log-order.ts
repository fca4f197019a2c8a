import { checkerKind } from '../kit/checker-kind.ts'
import { RowReader } from '../kit/history.ts'
import { PerDocument } from '../kit/per-document.ts'

/** R1 as it stands in the log. */
export const logOrder = checkerKind('log order', 'The versions of a log are gap-free from 1, along them epochs never go back, and no row changes.', (run) => {
  const readers = new PerDocument(run.plan, (id) => {
    let epoch = 0
    return new RowReader(
      run.histories.of(id),
      (record, place) => {
        if (record.version !== place) run.violated('a version stands in another place of the log than its own')
        if (record.epoch < epoch) run.violated('a version was written under an older epoch than the one before it')
        epoch = record.epoch
      },
      () => {
        epoch = 0
        if (!run.plan.expect.mayLoseTail) run.violated('a row of the log was taken away or replaced')
      },
    )
  })
  const read = ({ document }: { readonly document: string }): void => readers.get(document).read()
  return { on: { appended: read, claimed: read }, finish: () => readers.forEach((reader) => reader.read()) }
})
