import type { DocumentStatus } from '@concord/client'
import { Icon, type IconName } from '../ui/icon.tsx'

interface Shown {
  readonly kind: 'saved' | 'saving' | 'offline' | 'ended'
  readonly icon: IconName
  readonly text: string
  readonly hint: string
}

/** Whether what was written is safe: the one thing that everybody wants to know. */
export function StatusChip({ status, offline, tryNow }: { readonly status: DocumentStatus; readonly offline: boolean; readonly tryNow: () => void }) {
  const { kind, icon, text, hint } = describe(status, offline)
  return (
    <>
      <span class={`chip ${kind}`} role="status" title={hint} data-status={kind}>
        {kind === 'saving' ? <span class="spinner" aria-hidden="true" /> : <Icon name={icon} size={15} />}
        <span>{text}</span>
      </span>
      {kind === 'offline' && !offline && (
        <button type="button" class="button ghost small try-now" onClick={tryNow}>
          Try now
        </button>
      )}
    </>
  )
}

function describe(status: DocumentStatus, offline: boolean): Shown {
  const waiting = status.pending === 1 ? '1 edit waits' : `${status.pending} edits wait`
  if (status.error !== undefined) return { kind: 'ended', icon: 'warning', text: 'Not connected', hint: status.error.message }
  if (status.connection !== 'online') {
    const text = offline ? 'Offline' : status.connection === 'connecting' ? 'Reconnecting' : 'Offline'
    return { kind: 'offline', icon: 'offline', text: status.pending > 0 ? `${text} · ${waiting}` : text, hint: 'You can go on writing. Everything is sent when the connection is back.' }
  }
  if (status.degradation > 0) return { kind: 'saving', icon: 'warning', text: 'Saving slowly', hint: 'The server is busy. What you write is kept.' }
  if (status.saving) return { kind: 'saving', icon: 'saved', text: 'Saving', hint: `${waiting} for the server` }
  return { kind: 'saved', icon: 'saved', text: 'Saved', hint: `Version ${status.version}, on disk` }
}
