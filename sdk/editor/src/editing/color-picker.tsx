import { setColor } from '@concord/prosemirror'
import type { Command, EditorState } from 'prosemirror-state'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useColor } from '../ui/avatar.tsx'
import { Icon } from '../ui/icon.tsx'
import { watchOutside } from '../ui/menu.tsx'

/** Readable on white and, lightened by the dark theme, on black. */
const COLORS: readonly { readonly name: string; readonly color: string }[] = [
  { name: 'Red', color: '#dc2626' },
  { name: 'Orange', color: '#d97706' },
  { name: 'Green', color: '#16a34a' },
  { name: 'Teal', color: '#0d9488' },
  { name: 'Blue', color: '#2563eb' },
  { name: 'Purple', color: '#9333ea' },
  { name: 'Pink', color: '#db2777' },
  { name: 'Grey', color: '#6b7280' },
]

/** Colours for text. */
export function ColorPicker({ state, run }: { readonly state: EditorState | undefined; readonly run: (command: Command) => void }) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLSpanElement>(null)
  const current = colorAt(state)
  const choose = (color: string | null): void => {
    setOpen(false)
    run(setColor(color))
  }
  useEffect(() => (open ? watchOutside(root.current!, () => setOpen(false)) : undefined), [open])
  useEffect(() => {
    if (open) root.current?.querySelector<HTMLElement>('.swatch')?.focus()
  }, [open])
  return (
    <span class="color" ref={root} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <ColorButton current={current} open={open} onPress={() => setOpen(!open)} disabled={state === undefined} />
      {open && (
        <div class="popover swatches" role="group" aria-label="Text colours">
          {COLORS.map(({ name, color }) => (
            <Swatch key={color} name={name} color={color} pressed={color === current} onPress={() => choose(color)} />
          ))}
          <button type="button" class="swatch none" aria-label="No colour" title="No colour" onClick={() => choose(null)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      )}
    </span>
  )
}

interface ColorButtonProps {
  readonly current: string | undefined
  readonly open: boolean
  readonly disabled: boolean
  readonly onPress: () => void
}

function ColorButton({ current, open, disabled, onPress }: ColorButtonProps) {
  const ref = useColor<HTMLButtonElement>(current ?? 'currentColor')
  return (
    <button ref={ref} type="button" class="tool color-button" aria-label="Text colour" title="Text colour" aria-haspopup="true" aria-expanded={open} disabled={disabled} onMouseDown={(event) => event.preventDefault()} onClick={onPress}>
      <Icon name="color" />
    </button>
  )
}

interface SwatchProps {
  readonly name: string
  readonly color: string
  readonly pressed: boolean
  readonly onPress: () => void
}

function Swatch({ name, color, pressed, onPress }: SwatchProps) {
  const ref = useColor<HTMLButtonElement>(color)
  return <button ref={ref} type="button" class="swatch" aria-label={name} title={name} aria-pressed={pressed} onClick={onPress} />
}

function colorAt(state: EditorState | undefined): string | undefined {
  const marks = state?.storedMarks ?? state?.selection.$from.marks() ?? []
  return marks.find((mark) => mark.type.name === 'color')?.attrs['color'] as string | undefined
}
