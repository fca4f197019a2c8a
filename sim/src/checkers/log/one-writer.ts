import { checkerKind } from '../kit/checker-kind.ts'

/** The fence of the log. */
export const oneWriter = checkerKind('one writer', 'An epoch belongs to the node that claimed it, epochs never go back, and an older epoch commits nothing after a newer claim.', (run) => {
  const claims = new Map<string, { epoch: number; readonly owners: Map<number, string> }>()
  const of = (document: string) => {
    const known = claims.get(document) ?? { epoch: 0, owners: new Map<number, string>() }
    claims.set(document, known)
    return known
  }
  return {
    on: {
      claimed: ({ node, document, epoch, head }) => {
        const known = of(document)
        if (known.owners.has(epoch)) run.violated('an epoch was claimed twice')
        else if (epoch < known.epoch) run.violated('a claim gave an epoch below one that was given before')
        if (head !== run.histories.of(document).head) run.violated('a claim named another head than the log has')
        known.owners.set(epoch, node)
        known.epoch = Math.max(known.epoch, epoch)
      },
      appended: ({ node, document, epoch, records, outcome }) => {
        if (outcome !== 'committed') return
        const known = of(document)
        if (known.owners.get(epoch) !== node) run.violated('a node committed under an epoch that it had not claimed')
        if (epoch < known.epoch) run.violated('an older epoch committed after a newer one was claimed')
        if (records.some((record) => record.epoch !== epoch)) run.violated('a row names another epoch than the one it was written under')
      },
    },
  }
})
