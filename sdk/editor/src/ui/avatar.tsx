import { useLayoutEffect, useRef } from 'preact/hooks'
import { initials } from '../account/identity.ts'

interface AvatarProps {
  readonly name: string
  readonly color: string
  readonly size?: 'small' | 'large'
  /** Without focus in the document, or away. */
  readonly dimmed?: boolean
}

/** The initials of a person on their colour. */
export function Avatar({ name, color, size, dimmed = false }: AvatarProps) {
  const ref = useColor<HTMLSpanElement>(color)
  return (
    <span ref={ref} class={['avatar', size ?? '', dimmed ? 'dimmed' : ''].join(' ').trim()} aria-hidden="true">
      {initials(name)}
    </span>
  )
}

/** Sets `--color` through the style object: the page's policy forbids inline styles. */
export function useColor<T extends HTMLElement>(color: string) {
  const ref = useRef<T>(null)
  useLayoutEffect(() => ref.current?.style.setProperty('--color', color), [color])
  return ref
}
