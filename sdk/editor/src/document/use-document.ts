import { ConcordError, type Document, type DocumentStatus } from '@concord/client'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { useSession } from '../session.ts'

/** How far opening a document has come. */
export type Opening =
  | { readonly kind: 'opening'; readonly slow: boolean }
  | { readonly kind: 'open'; readonly document: Document }
  | { readonly kind: 'failed'; readonly error: unknown }

/** After this many milliseconds a person wants to know what takes so long. */
const SLOW_MS = 4_000

/** Opens a document for as long as the page shows it. */
export function useDocument(name: string): { readonly opening: Opening; readonly again: () => void } {
  const { client } = useSession()
  const [opening, setOpening] = useState<Opening>({ kind: 'opening', slow: false })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    let opened: Document | undefined
    setOpening({ kind: 'opening', slow: false })
    const timer = setTimeout(() => setOpening((now) => (now.kind === 'opening' ? { kind: 'opening', slow: true } : now)), SLOW_MS)
    client.open(name, { signal: abort.signal }).then(
      (document) => {
        opened = document
        if (abort.signal.aborted) void document.close()
        else setOpening({ kind: 'open', document })
      },
      (error: unknown) => abort.signal.aborted || setOpening({ kind: 'failed', error }),
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
      void opened?.close()
    }
  }, [client, name, attempt])
  return { opening, again: useCallback(() => setAttempt((count) => count + 1), []) }
}

/** The status of a document, kept current. */
export function useStatus(document: Document): DocumentStatus {
  const [status, setStatus] = useState(document.status)
  useEffect(() => {
    setStatus(document.status)
    return document.on('status', setStatus)
  }, [document])
  return status
}

export function isMissing(error: unknown): boolean {
  return error instanceof ConcordError && error.reason === 'DOCUMENT_NOT_FOUND'
}
