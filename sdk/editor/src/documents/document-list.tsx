import type { DocumentInfo } from '@concord/client'
import { useMemo, useState } from 'preact/hooks'
import { AccountMenu } from '../account/account-menu.tsx'
import { nameOf } from '../account/identity.ts'
import { explain } from '../errors.ts'
import { go, hashOf } from '../route.ts'
import { useSession } from '../session.ts'
import { ShareDialog } from '../sharing/share-dialog.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Icon, Logo } from '../ui/icon.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { ago } from '../ui/time.ts'
import { useToast } from '../ui/toasts.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { useDocuments } from './use-documents.ts'

type Open = { readonly kind: 'rename' | 'share' | 'delete'; readonly document: DocumentInfo }

/** All documents of the person, and what can be done with them. */
export function DocumentList({ onLeave }: { readonly onLeave: () => void }) {
  const { client } = useSession()
  const toast = useToast()
  const { documents, problem, reload } = useDocuments()
  const [open, setOpen] = useState<Open>()
  const [wanted, setWanted] = useState('')
  const [creating, setCreating] = useState(false)
  const shown = useMemo(() => documents?.filter((info) => titleOf(info).toLowerCase().includes(wanted.trim().toLowerCase())), [documents, wanted])
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      const { title, advice } = explain(error)
      toast({ kind: 'danger', title, detail: advice })
    }
    reload()
  }
  const create = async (): Promise<void> => {
    setCreating(true)
    await attempt(async () => go({ kind: 'document', name: (await client.documents.create({ title: 'Untitled' })).name }))
    setCreating(false)
  }
  return (
    <div class="list-page">
      <header class="bar">
        <span class="brand">
          <Logo />
          Concord
        </span>
        <span class="spacer" />
        <AccountMenu onLeave={onLeave} />
      </header>
      <main class="list-main">
        <div class="list-head">
          <h1>Documents</h1>
          {documents !== undefined && documents.length > 3 && (
            <label class="search">
              <Icon name="search" size={18} />
              <input type="search" class="input" aria-label="Search documents by title" placeholder="Search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
            </label>
          )}
          <button type="button" class="button primary" disabled={creating} onClick={() => void create()}>
            <Icon name="plus" size={18} />
            New document
          </button>
        </div>
        {problem !== undefined && <Problem error={problem} reload={reload} />}
        {shown === undefined ? problem === undefined && <Skeleton /> : <Documents documents={shown} wanted={wanted} create={create} act={setOpen} />}
      </main>
      {open !== undefined && <ListDialog open={open} attempt={attempt} close={() => setOpen(undefined)} />}
    </div>
  )
}

interface ListDialogProps {
  readonly open: Open
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>
  readonly close: () => void
}

function ListDialog({ open: { kind, document }, attempt, close }: ListDialogProps) {
  const { client } = useSession()
  const title = titleOf(document)
  switch (kind) {
    case 'rename':
      return <RenameDialog title={document.title} onClose={close} onRename={(wanted) => attempt(() => client.documents.rename(document.name, wanted))} />
    case 'share':
      return <ShareDialog name={document.name} title={title} role={document.role} onClose={close} />
    case 'delete':
      return (
        <Confirm
          title={`Delete “${title}”?`}
          text="It disappears for everybody it is shared with, and people who are writing in it are told."
          action="Delete"
          onClose={close}
          onConfirm={() => void attempt(() => client.documents.delete(document.name))}
        />
      )
  }
}

interface DocumentsProps {
  readonly documents: readonly DocumentInfo[]
  readonly wanted: string
  readonly create: () => Promise<void>
  readonly act: (open: Open) => void
}

function Documents({ documents, wanted, create, act }: DocumentsProps) {
  if (documents.length === 0) return wanted.trim() === '' ? <Empty create={create} /> : <p class="nothing">No title contains “{wanted.trim()}”.</p>
  return (
    <ul class="cards">
      {documents.map((document) => (
        <Card key={document.name} document={document} act={act} />
      ))}
    </ul>
  )
}

function Card({ document, act }: { readonly document: DocumentInfo; readonly act: (open: Open) => void }) {
  const title = titleOf(document)
  const owner = document.role === 'owner'
  const items: MenuItem[] = [
    ...(owner ? [{ label: 'Rename', icon: 'rename' as const, onSelect: () => act({ kind: 'rename', document }) }] : []),
    { label: owner || document.role === 'editor' ? 'Share' : 'Who has access', icon: 'share', onSelect: () => act({ kind: 'share', document }) },
    ...(owner ? [{ label: 'Delete', icon: 'trash' as const, danger: true, onSelect: () => act({ kind: 'delete', document }) }] : []),
  ]
  return (
    <li class="card">
      <a class="card-link" href={hashOf({ kind: 'document', name: document.name })}>
        <span class="card-icon">
          <Icon name="document" />
        </span>
        <span class="card-text">
          <span class="card-title">{title}</span>
          <span class="card-detail">
            {ago(document.updatedAt, Date.now())} · {document.version === 0 ? 'empty' : `version ${document.version}`}
            {!owner && ` · from ${nameOf(document.creator)}`}
          </span>
        </span>
        <span class={`role ${document.role ?? ''}`}>{document.role}</span>
      </a>
      <Menu label={`Actions for ${title}`} button={<Icon name="more" />} items={items} />
    </li>
  )
}

function Empty({ create }: { readonly create: () => Promise<void> }) {
  return (
    <div class="empty">
      <svg viewBox="0 0 160 110" width="200" aria-hidden="true">
        <rect class="sheet back" x="52" y="16" width="74" height="88" rx="8" />
        <rect class="sheet" x="36" y="8" width="74" height="88" rx="8" />
        <path class="empty-line" d="M50 28h36M50 42h46M50 54h40M50 66h26" />
        <path class="empty-caret" d="M80 60v13" />
      </svg>
      <h2>Nothing here yet</h2>
      <p>Make a document, share it, and watch every keystroke arrive in one order.</p>
      <button type="button" class="button primary" onClick={() => void create()}>
        <Icon name="plus" size={18} />
        Make the first one
      </button>
    </div>
  )
}

function Problem({ error, reload }: { readonly error: unknown; readonly reload: () => void }) {
  const { title, advice } = explain(error)
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{title}</strong>
        <p>{advice}</p>
      </div>
      <button type="button" class="button" onClick={reload}>
        Try again
      </button>
    </div>
  )
}

function Skeleton() {
  return (
    <ul class="cards" aria-label="Loading documents" aria-busy="true">
      {[0, 1, 2, 3].map((index) => (
        <li key={index} class="card skeleton">
          <span class="bone square" />
          <span class="bone line" />
        </li>
      ))}
    </ul>
  )
}

function titleOf(document: DocumentInfo): string {
  return document.title === '' ? document.name.replace('documents/', '') : document.title
}
