import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icon.tsx'

export interface MenuItem {
  readonly label: string
  readonly icon?: IconName
  readonly onSelect: () => void
  readonly danger?: boolean
  readonly hint?: string
}

interface MenuProps {
  /** Of the button. */
  readonly label: string
  readonly button: ComponentChildren
  readonly buttonClass?: string
  readonly head?: ComponentChildren
  readonly items: readonly MenuItem[]
}

/** A button with a menu, as the ARIA practices have it: arrows move, Home and End jump, Escape and Tab close. */
export function Menu({ label, button, buttonClass = 'button ghost square', head, items }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => (open ? watchOutside(root.current!, () => setOpen(false)) : undefined), [open])
  useEffect(() => {
    if (open) entries(root.current!)[0]?.focus()
  }, [open])
  const close = (): void => {
    setOpen(false)
    root.current?.querySelector('button')?.focus()
  }
  return (
    <div class="menu" ref={root}>
      <button type="button" class={buttonClass} aria-label={label} title={label} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        {button}
      </button>
      {open && (
        <div class="menu-list" id={id} role="menu" aria-label={label} onKeyDown={(event) => moveFocus(event, root.current!, close)}>
          {head}
          {items.map((item) => (
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              class={item.danger === true ? 'menu-item danger' : 'menu-item'}
              onClick={() => {
                close()
                item.onSelect()
              }}
            >
              {item.icon !== undefined && <Icon name={item.icon} />}
              <span>{item.label}</span>
              {item.hint !== undefined && <kbd>{item.hint}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function entries(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[role=menuitem]')]
}

function moveFocus(event: KeyboardEvent, root: HTMLElement, close: () => void): void {
  const all = entries(root)
  const at = all.indexOf(document.activeElement as HTMLElement)
  const target = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key]
  if (target !== undefined) all[target]!.focus()
  else if (event.key === 'Escape' || event.key === 'Tab') close()
  else return
  if (event.key !== 'Tab') event.preventDefault()
}

/** Calls back when the pointer or the focus goes elsewhere. */
export function watchOutside(root: HTMLElement, left: () => void): () => void {
  const check = (event: Event): void => {
    if (!root.contains(event.target as Node)) left()
  }
  document.addEventListener('pointerdown', check)
  document.addEventListener('focusin', check)
  return () => {
    document.removeEventListener('pointerdown', check)
    document.removeEventListener('focusin', check)
  }
}
