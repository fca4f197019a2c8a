import { checkerKind } from '../kit/checker-kind.ts'

/** Nothing is taken from a user unless the plan made it so. */
export const plannedOnly = checkerKind('refusals planned', 'Refused, stranded and diverged is only what the plan refuses, strands and corrupts; no document ends by itself.', (run) => ({
  on: {
    rejected: ({ reason, planned }) => {
      if (!planned) run.violated(`an edit was refused for ${reason}, which nothing planned`)
    },
    stranded: ({ reason, planned }) => {
      if (!planned) run.violated(`edits were stranded for ${reason}, which nothing planned`)
    },
    diverged: ({ reason, planned }) => {
      if (!planned) run.violated(`a client diverged by ${reason}, which nothing planned`)
    },
    closed: ({ reason, planned }) => {
      if (!planned) run.violated(`a document ended by ${reason}, which nothing planned`)
    },
  },
}))
