import type { ConcordError, Document, HandedBack } from '@concord/client'
import { useEffect, useState } from 'preact/hooks'
import { explain } from '../errors.ts'
import { useSession } from '../session.ts'
import { type ShowToast, useToast } from '../ui/toasts.tsx'
import { download, handedBackText, keepAsCopy } from './hand-back.ts'

/** Turns what the server says besides edits into messages. Returns why the document ended, once it has. */
export function useNotices(document: Document): ConcordError | undefined {
  const { client } = useSession()
  const toast = useToast()
  const [ended, setEnded] = useState(document.status.error)
  useEffect(() => {
    let role = document.status.role
    const offer = (title: string, detail: string, back: HandedBack): void => {
      const text = handedBackText(back)
      toast({
        kind: 'danger',
        title,
        detail,
        actions: [
          { label: 'Keep as a copy', run: () => void keepAsCopy(client, document, back, toast) },
          { label: 'Download', run: () => download(`${document.status.title || 'edit'}.txt`, text) },
          { label: 'Drop it', run: () => {} },
        ],
      })
    }
    const endings = [
      document.on('status', (status) => {
        setEnded(status.error)
        if (status.role !== undefined && role !== undefined && status.role !== role) tellRole(status.canEdit, status.role, toast)
        role = status.role ?? role
      }),
      document.on('rejected', (event) => offer('An edit was refused', `${explain(event.error).title}. Nothing is thrown away: choose what becomes of it.`, event)),
      document.on('stranded', (event) => offer('An edit could not be saved', 'It is unknown whether the server has it. Nothing is thrown away: choose what becomes of it.', event)),
      document.on('merged', ({ ranges }) => {
        toast({ kind: 'info', title: 'Your offline edits are in', detail: ranges.length === 1 ? 'One place was edited by others too.' : `${ranges.length} places were edited by others too.` })
      }),
      document.on('diverged', () => toast({ kind: 'warning', title: 'The text was brought in line', detail: 'This page had drifted from the server. Your pending edits were kept.' })),
      document.on('notice', (notice) => {
        if (notice.kind === 'drain') toast({ kind: 'info', title: 'The server restarts', detail: 'Go on writing. The page reconnects by itself.' })
      }),
    ]
    return () => endings.forEach((end) => end())
  }, [document, client, toast])
  return ended?.reason === 'CLOSED' ? undefined : ended
}

function tellRole(canEdit: boolean, role: string, toast: ShowToast): void {
  if (canEdit) toast({ kind: 'success', title: 'You can edit now', detail: `Your role is ${role}.` })
  else toast({ kind: 'warning', title: 'You can only read now', detail: `Your role is ${role} now. Ask an owner if that is a mistake.` })
}
