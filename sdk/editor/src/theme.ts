const KEY = 'concord.theme'

/** `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark'

export function savedTheme(): Theme {
  const saved = localStorage.getItem(KEY)
  return saved === 'light' || saved === 'dark' ? saved : 'system'
}

/** Shows a theme and keeps it for the next visit. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  applyTheme(theme)
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

/** What the other theme is, as it looks now. */
export function oppositeTheme(): 'light' | 'dark' {
  const theme = document.documentElement.dataset['theme']
  const dark = theme === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
  return dark ? 'light' : 'dark'
}
