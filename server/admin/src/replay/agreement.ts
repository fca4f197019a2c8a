import { ContentFormat, DocumentView } from '@concord/proto'
import { CommandError, EXIT } from '../command/exit.ts'
import { calling, type Connection } from '../connection.ts'
import { ServerSource } from '../server-source.ts'
import { hex, verifyLog } from '../verify/verify-log.ts'
import type { Replayer } from './replay-trace.ts'
import type { Trace } from './trace.ts'

/** How long clients may take to hear of the last version, in milliseconds. */
const PATIENCE_MS = 120_000

export interface Agreement {
  /** Who was compared and holds the same. */
  readonly agreed: readonly string[]
  readonly committed: number
  readonly length: number
  readonly hash: string
}

/** Waits until every client stands at the same version with nothing pending. */
export async function untilInStep(replayers: readonly Replayer[]): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  const behind = (): readonly Replayer[] => {
    const head = Math.max(...replayers.map(({ document }) => document.version))
    return replayers.filter(({ document }) => document.version < head || document.status.saving)
  }
  while (behind().length > 0) {
    if (performance.now() > deadline) throw new CommandError(EXIT.unknown, `${behind().map(({ name }) => name).join(', ')} did not reach the head within ${PATIENCE_MS / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Holds every client, the server, and a fold of the log with code of its own against each other; differences go to `problems`. */
export async function agreement(trace: Trace, replayers: readonly Replayer[], connection: Connection, name: string, problems: string[]): Promise<Agreement> {
  const report = await calling(() => verifyLog(new ServerSource(connection, name)))
  for (const { version, what } of report.problems) problems.push(`log at version ${version}: ${what}`)
  const hash = hex(report.hash)
  const { document } = await calling(() => connection.documents.getDocument({ name, view: DocumentView.FULL, format: ContentFormat.TEXT }))
  const content = document?.content?.content
  compare('server', content?.case === 'text' ? content.value : '', hex(document?.content?.hash ?? 0n))
  for (const replayer of replayers) compare(replayer.name, replayer.document.text.toString(), replayer.document.confirmedHash)
  if (replayers.length === 1) compare('final text of the trace', trace.endContent, hash)
  const clients = replayers.length === 1 ? '1 client' : `${replayers.length} clients`
  return { agreed: [clients, 'server', 'fold of the log', ...(replayers.length === 1 ? ['final text of the trace'] : [])], committed: report.versions, length: report.length, hash }

  function compare(who: string, text: string, itsHash: string): void {
    if (text !== report.text) problems.push(`${who} differs from the fold of the log at unit ${firstDifference(text, report.text)} (${text.length} and ${report.text.length} units)`)
    else if (itsHash !== hash) problems.push(`${who} has the same text and the content hash ${itsHash}, the fold of the log ${hash}`)
  }
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
