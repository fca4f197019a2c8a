import { PerActor } from '../kit/per-actor.ts'
import { checkerKind } from '../kit/checker-kind.ts'
import { Ledger } from '../kit/ledger.ts'

/** Edits are neither lost nor doubled, judged by what hands typed. */
export const markers = checkerKind('typed text', 'What was typed once is in the document once, unless somebody removed it or it was handed back.', (run) => {
  const ledgers = new Map(run.plan.world.documents.map(({ id }) => [id, new Ledger()]))
  const actors = new PerActor(run.plan, ({ document }) => ledgers.get(document))
  return {
    on: {
      typed: ({ actor, added, removed }) => {
        const ledger = actors.get(actor)
        for (const character of added) ledger?.typed(character, actor)
        for (const character of removed) ledger?.removed(character)
      },
      excused: ({ actor, characters }) => {
        for (const character of characters) actors.get(actor)?.excuse(character)
      },
      forgotten: ({ actor, kept }) => actors.get(actor)?.forget(actor, kept),
    },
    finish: ({ replicas }) => {
      // Who may not come back keeps what waits, and nobody waits for him.
      for (const { actor, expected, document } of replicas) for (const character of expected ? '' : (document?.pendingOperation?.text ?? '')) actors.get(actor)?.excuse(character)
      for (const [document, ledger] of ledgers) {
        const folded = run.histories.of(document).folded.at()
        if (typeof folded !== 'string') for (const wrong of ledger.judge(folded.text())) run.violated(wrong)
      }
    },
  }
})
