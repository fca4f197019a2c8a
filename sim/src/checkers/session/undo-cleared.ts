import { checkerKind } from '../kit/checker-kind.ts'

/** R9: both stacks stand on what was taken away. */
export const undoCleared = checkerKind('undo cleared', 'After a refusal nothing can be undone or redone that stood on the refused edit (R9).', (run) => ({
  on: {
    rejected: ({ mayUndo }) => {
      if (mayUndo) run.violated('a client can undo over a refused edit (R9)')
    },
  },
}))
