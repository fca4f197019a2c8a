const MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform)

const MAC_SIGNS: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩' }

/** A key as the person's keyboard has it: `Mod-Shift-z` is Ctrl+Shift+Z, or ⇧⌘Z on a Mac. */
export function keyLabel(key: string): string {
  const parts = key.split('-').map((part) => (part.length === 1 ? part.toUpperCase() : part))
  if (MAC) return parts.map((part) => MAC_SIGNS[part] ?? part).join('')
  return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+')
}
