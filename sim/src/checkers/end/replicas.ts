import type { Replica } from '../checker.ts'
import { checkerKind, type CheckerRun } from '../kit/checker-kind.ts'
import { renderRuns } from '../kit/fold.ts'

/** How much of two contents a message shows. */
const SHOWN = 200

/** Convergence. */
export const replicas = checkerKind('replicas equal', 'At the end every replica shows what the log, folded independently, says.', (run) => ({
  on: {},
  finish: ({ replicas: all }) => {
    const truths = new Map<string, string>()
    for (const replica of all) if (replica.expected && replica.document !== undefined) compare(run, replica, truths)
  },
}))

function compare(run: CheckerRun, { actor, documentId, document }: Replica, truths: Map<string, string>): void {
  const folded = run.histories.of(documentId).folded.at()
  if (typeof folded === 'string' || document === undefined) return
  const truth = truths.get(documentId) ?? folded.render()
  truths.set(documentId, truth)
  const shown = renderRuns(document.content.runs())
  if (shown !== truth) run.violated(`a replica shows something else than the log\n  ${difference(shown, truth, actor)}`)
}

/** Where two contents part, for people; not part of what makes two violations the same. */
function difference(shown: string, truth: string, actor: string): string {
  let at = 0
  while (at < shown.length && shown[at] === truth[at]) at += 1
  const from = Math.max(0, at - 20)
  return `${actor} shows ${cut(shown, from)}, the log says ${cut(truth, from)}`
}

function cut(text: string, from: number): string {
  return `${from > 0 ? '...' : ''}${text.slice(from, from + SHOWN)}`
}
