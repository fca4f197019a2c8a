import type { Document } from '@concord/client'
import type { CollaborativePresence, RemoteCursor } from '@concord/prosemirror'

/** Without a key pressed for so long one is only reading, in milliseconds. */
const TYPING_MS = 2_500

/** Out of the window for so long one is away, in milliseconds. */
const IDLE_MS = 60_000

/** The presence of a document as the editor wants it, and the other way round: typing, active or away. */
export function presenceOf(presence: Document['presence'], self: { readonly name: string; readonly color: string }): CollaborativePresence & { end(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  const settle = (): void => presence.set({ activity: document.visibilityState === 'visible' ? 'active' : 'idle' })
  const later = (delay: number): void => {
    clearTimeout(timer)
    timer = setTimeout(settle, delay)
  }
  const typed = (event: Event): void => {
    if (!(event.target instanceof HTMLElement) || event.target.id !== 'text') return
    presence.set({ activity: 'typing' })
    later(TYPING_MS)
  }
  const seen = (): void => (document.visibilityState === 'visible' ? settle() : later(IDLE_MS))
  document.addEventListener('input', typed)
  document.addEventListener('visibilitychange', seen)
  presence.set({ name: self.name, color: self.color, activity: 'active' })
  return {
    others: () => presence.others.map(toCursor),
    onChange: (listener) => presence.on('change', listener),
    select: (selection) => presence.set({ selection: selection ?? null }),
    end: () => {
      clearTimeout(timer)
      document.removeEventListener('input', typed)
      document.removeEventListener('visibilitychange', seen)
    },
  }
}

function toCursor(other: Document['presence']['others'][number]): RemoteCursor {
  return { id: other.clientId, name: other.name === '' ? 'Anonymous' : other.name, color: other.color, selection: other.selection }
}
