import type { TextRun } from '@concord/client'
import type { Replica } from '../../checkers/checker.ts'

/** What of a replica can be copied from one process to another. */
export interface PlainReplica extends Omit<Replica, 'document'> {
  readonly document:
    | { readonly connection: NonNullable<Replica['document']>['status']['connection']; readonly pending: number; readonly ended: string | undefined; readonly version: number; readonly text: string; readonly runs: readonly TextRun[]; readonly pendingText: string | undefined }
    | undefined
}

export function plainReplica(replica: Replica): PlainReplica {
  const { document, ...about } = replica
  if (document === undefined) return { ...about, document }
  const { status, version, text, content, pendingOperation } = document
  return { ...about, document: { connection: status.connection, pending: status.pending, ended: status.error?.reason, version, text: text.toString(), runs: [...content.runs()], pendingText: pendingOperation?.text } }
}

export function replicaOf({ document, ...about }: PlainReplica): Replica {
  if (document === undefined) return { ...about, document }
  const { connection, pending, ended, version, text, runs, pendingText } = document
  const error = ended === undefined ? undefined : { reason: ended as 'CLOSED' }
  return { ...about, document: { status: { connection, pending, error }, version, text, content: { runs: () => runs }, pendingOperation: pendingText === undefined ? undefined : { text: pendingText } } }
}
