import type { MarkSpec } from 'prosemirror-model'
import { isColor, isSafeLink } from './attribute-values.ts'

/** Character attributes that are there or not. */
export const FLAG_MARKS = ['bold', 'italic', 'underline', 'strike', 'code'] as const

export type FlagMark = (typeof FLAG_MARKS)[number]

const bold: MarkSpec = {
  parseDOM: [
    { tag: 'strong' },
    // Some word processors wrap a whole paste in <b style="font-weight: normal">.
    { tag: 'b', getAttrs: (dom) => dom.style.fontWeight !== 'normal' && null },
    { style: 'font-weight', getAttrs: (value) => /^(bold(er)?|[6-9]00)$/.test(value) && null },
  ],
  toDOM: () => ['strong', 0],
}

const italic: MarkSpec = { parseDOM: [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }], toDOM: () => ['em', 0] }

const underline: MarkSpec = { parseDOM: [{ tag: 'u' }, { style: 'text-decoration=underline' }], toDOM: () => ['u', 0] }

const strike: MarkSpec = { parseDOM: [{ tag: 's' }, { tag: 'del' }, { tag: 'strike' }, { style: 'text-decoration=line-through' }], toDOM: () => ['s', 0] }

const code: MarkSpec = { parseDOM: [{ tag: 'code' }], toDOM: () => ['code', { spellcheck: 'false' }, 0] }

const link: MarkSpec = {
  attrs: { href: {} },
  inclusive: false,
  parseDOM: [{ tag: 'a[href]', getAttrs: (dom) => readLink(dom.getAttribute('href')) }],
  toDOM: (mark) => ['a', { href: String(mark.attrs.href), rel: 'noopener noreferrer nofollow', target: '_blank' }, 0],
}

const color: MarkSpec = {
  attrs: { color: {} },
  parseDOM: [{ style: 'color', getAttrs: (value) => readColor(value) }],
  // ProseMirror writes it through the style object, so a page whose policy forbids inline styles shows it too.
  toDOM: (mark) => ['span', { class: 'concord-color', style: `color: ${mark.attrs.color}` }, 0],
}

/** An attribute that the schema does not know, carried so that editing around it does not remove it. */
const carried: MarkSpec = { attrs: { name: {}, value: {} }, excludes: '', toDOM: () => ['span', { class: 'concord-carried' }, 0] }

export const richTextMarks: Record<string, MarkSpec> = { link, bold, italic, underline, strike, code, color, carried }

function readLink(href: string | null): { href: string } | false {
  return isSafeLink(href) ? { href } : false
}

function readColor(value: string): { color: string } | false {
  if (isColor(value.toLowerCase())) return { color: value.toLowerCase() }
  const rgb = /^rgb\((\d+),\s*(\d+),\s*(\d+)\)$/.exec(value)
  if (rgb === null) return false
  const color = `#${rgb.slice(1).map((part) => Math.min(255, Number(part)).toString(16).padStart(2, '0')).join('')}`
  // Black is what every page copies along with its text; taken over, it would be unreadable in the dark.
  return color === '#000000' ? false : { color }
}
