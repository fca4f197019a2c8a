import type { DocumentInfo } from '@concord/client'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { useSession } from '../session.ts'

/** How often a list that is looked at is asked for again, in milliseconds. */
const REFRESH_MS = 8_000

/** Pages of the list that are shown at most; a longer one is searched, not scrolled. */
const MAX_PAGES = 5

/** The documents of the person, asked for again while the list is visible. */
export function useDocuments() {
  const { client } = useSession()
  const [documents, setDocuments] = useState<readonly DocumentInfo[]>()
  const [problem, setProblem] = useState<unknown>()
  const reload = useCallback(async () => {
    try {
      const items: DocumentInfo[] = []
      let token: string | undefined = ''
      for (let page = 0; page < MAX_PAGES && token !== undefined; page++) {
        const answer: Awaited<ReturnType<typeof client.documents.list>> = await client.documents.list({ pageToken: token })
        items.push(...answer.items)
        token = answer.nextPageToken
      }
      setDocuments(items)
      setProblem(undefined)
    } catch (error) {
      setProblem(error)
    }
  }, [client])
  useEffect(() => {
    void reload()
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload])
  return { documents, problem, reload: () => void reload() }
}
