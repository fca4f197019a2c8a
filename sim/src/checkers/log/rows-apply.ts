import { checkerKind } from '../kit/checker-kind.ts'
import type { History } from '../kit/history.ts'
import { PerDocument } from '../kit/per-document.ts'

/** R16 as it stands in the log, and what transformation made of submits. */
export const rowsApply = checkerKind('rows apply', 'Every row of the log applies to the document as the rows before it left it.', (run) => {
  const documents = new PerDocument(run.plan, (id) => run.histories.of(id))
  const fold = (history: History): void => {
    const folded = history.folded.at()
    if (typeof folded === 'string') run.violated(folded)
  }
  return { on: { appended: ({ document }) => fold(documents.get(document)) }, finish: () => documents.forEach(fold) }
})
