import { useEffect } from 'preact/hooks'
import { AccountMenu } from '../account/account-menu.tsx'
import { explain } from '../errors.ts'
import { go, hashOf } from '../route.ts'
import { useSession } from '../session.ts'
import { Icon, Logo } from '../ui/icon.tsx'
import { useToast } from '../ui/toasts.tsx'
import { isMissing, useDocument } from './use-document.ts'
import { Workspace } from './workspace.tsx'

interface PageProps {
  readonly name: string
  readonly onLeave: () => void
}

/** One document: opening, open, or why not. */
export function DocumentPage({ name, onLeave }: PageProps) {
  const { opening, again } = useDocument(name)
  useEffect(() => () => void (document.title = 'Concord'), [])
  switch (opening.kind) {
    case 'open':
      return <Workspace document={opening.document} onLeave={onLeave} />
    case 'opening':
      return <Opening slow={opening.slow} onLeave={onLeave} />
    case 'failed':
      return <Failed name={name} error={opening.error} again={again} onLeave={onLeave} />
  }
}

function Opening({ slow, onLeave }: { readonly slow: boolean; readonly onLeave: () => void }) {
  return (
    <div class="doc-page">
      <PlainBar onLeave={onLeave} />
      <main class="canvas" aria-busy="true" aria-label="Opening the document">
        <div class="sheet-skeleton">
          {['title', 'line', 'line', 'line short', 'gap', 'line', 'line', 'line', 'line short'].map((bone, index) => (
            <span key={index} class={`bone ${bone}`} />
          ))}
        </div>
        {slow && (
          <p class="slow" role="status">
            The server does not answer yet. The page goes on trying.
          </p>
        )}
      </main>
    </div>
  )
}

function Failed({ name, error, again, onLeave }: PageProps & { readonly error: unknown; readonly again: () => void }) {
  const { client } = useSession()
  const toast = useToast()
  const { title, advice } = explain(error)
  const create = async (): Promise<void> => {
    const id = name.replace('documents/', '')
    try {
      await client.documents.create({ id, title: id })
      again()
    } catch (failure) {
      const explained = explain(failure)
      toast({ kind: 'danger', title: explained.title, detail: explained.advice })
    }
  }
  return (
    <div class="doc-page">
      <PlainBar onLeave={onLeave} />
      <main class="canvas failed">
        <div class="failed-card" role="alert">
          <Icon name="warning" size={32} />
          <h1>{title}</h1>
          <p>{advice}</p>
          <p class="hint">{name}</p>
          <div class="row">
            <button type="button" class="button" onClick={() => go({ kind: 'list' })}>
              All documents
            </button>
            <button type="button" class="button primary" onClick={again}>
              Try again
            </button>
            {isMissing(error) && (
              <button type="button" class="button" onClick={() => void create()}>
                Create it
              </button>
            )}
          </div>
        </div>
      </main>
    </div>
  )
}

function PlainBar({ onLeave }: { readonly onLeave: () => void }) {
  return (
    <header class="bar">
      <a class="button ghost square" href={hashOf({ kind: 'list' })} aria-label="All documents">
        <Logo size={28} />
      </a>
      <span class="spacer" />
      <AccountMenu onLeave={onLeave} />
    </header>
  )
}
