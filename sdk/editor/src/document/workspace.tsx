import type { Document } from '@concord/client'
import { useEffect, useState } from 'preact/hooks'
import { AccountMenu } from '../account/account-menu.tsx'
import { EditorSurface } from '../editing/editor-surface.tsx'
import { highlightRanges } from '../editing/highlight.ts'
import { ShortcutHelp } from '../editing/shortcut-help.tsx'
import { Toolbar } from '../editing/toolbar.tsx'
import { useEditor } from '../editing/use-editor.ts'
import { hashOf } from '../route.ts'
import { useSession } from '../session.ts'
import { ShareDialog } from '../sharing/share-dialog.tsx'
import { Icon, Logo } from '../ui/icon.tsx'
import { DeletedDialog } from './deleted-dialog.tsx'
import { LogPanel } from './log-panel.tsx'
import { OfflineSwitch } from './offline-switch.tsx'
import { People } from './people.tsx'
import { StatusChip } from './status-chip.tsx'
import { TitleField } from './title-field.tsx'
import { useEdits } from './use-edits.ts'
import { useNotices } from './use-notices.ts'
import { useStatus } from './use-document.ts'

const PANEL_KEY = 'concord.log'

/** An open document with everything around it. */
export function Workspace({ document: shared, onLeave }: { readonly document: Document; readonly onLeave: () => void }) {
  const { client } = useSession()
  const status = useStatus(shared)
  const editor = useEditor(shared)
  const edits = useEdits(shared)
  const ended = useNotices(shared)
  const [dialog, setDialog] = useState<'share' | 'shortcuts'>()
  const [offline, setOffline] = useState(false)
  const [panel, setPanel] = useState(() => localStorage.getItem(PANEL_KEY) === 'open')
  const title = status.title === '' ? shared.name.replace('documents/', '') : status.title
  useEffect(() => void (document.title = `${title} · Concord`), [title])
  useEffect(() => shortcutHelpKey(() => setDialog('shortcuts')), [])
  useEffect(() => (status.pending > 0 ? holdPage() : undefined), [status.pending > 0])
  useEffect(() => (offline ? undefined : hurryBack(() => client.goOnline())), [client, offline])
  const showPanel = (shown: boolean): void => {
    localStorage.setItem(PANEL_KEY, shown ? 'open' : 'closed')
    setPanel(shown)
  }
  const switchOffline = (wanted: boolean): void => {
    if (wanted) client.goOffline()
    else client.goOnline()
    setOffline(wanted)
  }
  return (
    <div class={panel ? 'doc-page with-panel' : 'doc-page'}>
      <a class="skip" href="#text" onClick={(event) => (event.preventDefault(), editor?.focus())}>
        Skip to the text
      </a>
      <header class="bar">
        <a class="button ghost square home" href={hashOf({ kind: 'list' })} aria-label="All documents" title="All documents">
          <Logo size={28} />
        </a>
        <div class="bar-title">
          <TitleField name={shared.name} title={title} editable={status.role === 'owner'} />
          <StatusChip status={status} offline={offline} tryNow={() => client.goOnline()} />
        </div>
        <span class="spacer" />
        <People document={shared} />
        <OfflineSwitch offline={offline} onChange={switchOffline} />
        <button type="button" class={panel ? 'button ghost square pressed' : 'button ghost square'} aria-pressed={panel} aria-label="Operations" title="Operations: the live log" onClick={() => showPanel(!panel)}>
          <Icon name="log" />
        </button>
        <button type="button" class="button primary share" onClick={() => setDialog('share')}>
          <Icon name="share" size={18} />
          <span>Share</span>
        </button>
        <AccountMenu onLeave={onLeave} extra={[{ label: 'Keyboard shortcuts', icon: 'keyboard', hint: 'Ctrl /', onSelect: () => setDialog('shortcuts') }]} />
      </header>
      {status.canEdit ? <Toolbar editor={editor} status={status} document={shared} /> : status.error === undefined && <ReadOnly />}
      <div class="stage">
        <EditorSurface editor={editor} title={title} readOnly={!status.canEdit} />
        {panel && <LogPanel document={shared} edits={edits} onClose={() => showPanel(false)} onPick={(ranges) => editor !== undefined && highlightRanges(editor.view, ranges)} />}
      </div>
      {dialog === 'share' && <ShareDialog name={shared.name} title={title} role={status.role} onClose={() => setDialog(undefined)} />}
      {dialog === 'shortcuts' && <ShortcutHelp onClose={() => setDialog(undefined)} />}
      {ended !== undefined && <DeletedDialog document={shared} title={title} error={ended} />}
    </div>
  )
}

function ReadOnly() {
  return (
    <div class="read-only" role="note">
      <Icon name="eye" size={18} />
      You can read this document. Ask an owner for the role editor to write in it.
    </div>
  )
}

/** Leaving with edits that only this page has: the browser asks first. */
function holdPage(): () => void {
  const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
  addEventListener('beforeunload', ask)
  return () => removeEventListener('beforeunload', ask)
}

/** Somebody who comes back to the page, or to the network, should not wait for the next attempt. */
function hurryBack(tryNow: () => void): () => void {
  const back = (): void => {
    if (document.visibilityState === 'visible') tryNow()
  }
  addEventListener('online', back)
  document.addEventListener('visibilitychange', back)
  return () => {
    removeEventListener('online', back)
    document.removeEventListener('visibilitychange', back)
  }
}

function shortcutHelpKey(open: () => void): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== '/') return
    event.preventDefault()
    open()
  }
  addEventListener('keydown', pressed)
  return () => removeEventListener('keydown', pressed)
}
