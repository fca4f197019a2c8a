import type { Document } from '@concord/client'

/** Without a key pressed for so long one is only reading, in milliseconds. */
const TYPING_MS = 2_500

/** Out of the window for so long one is away, in milliseconds. */
const IDLE_MS = 60_000

/** Tells the others whether one types, reads or is away. Returns what ends it. */
export function trackActivity(presence: Document['presence'], self: { readonly name: string; readonly color: string }): () => void {
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
  return () => {
    clearTimeout(timer)
    document.removeEventListener('input', typed)
    document.removeEventListener('visibilitychange', seen)
  }
}
