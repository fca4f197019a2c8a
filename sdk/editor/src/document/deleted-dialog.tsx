import type { ConcordError, Document } from '@concord/client'
import { explain } from '../errors.ts'
import { go } from '../route.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { download } from './hand-back.ts'

const GONE = { title: 'This document is gone', advice: 'It was deleted, or you may no longer read it. What is on your screen can still be kept.' }

/** The document is over: deleted, or no longer shared. What is on the screen can still be kept. */
export function DeletedDialog({ document, title, error }: { readonly document: Document; readonly title: string; readonly error: ConcordError }) {
  const { title: what, advice } = error.reason === 'DOCUMENT_NOT_FOUND' ? GONE : explain(error)
  const leave = (): void => go({ kind: 'list' })
  const footer = (
    <>
      <button type="button" class="button" onClick={() => download(`${title}.txt`, document.text.toString())}>
        <Icon name="download" size={18} />
        Download the text
      </button>
      <button type="button" class="button primary" autofocus onClick={leave}>
        All documents
      </button>
    </>
  )
  return (
    <Dialog title={what} onClose={leave} footer={footer} role="alertdialog">
      <p class="dialog-text">{advice}</p>
    </Dialog>
  )
}
