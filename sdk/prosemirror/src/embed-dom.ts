import type { DOMOutputSpec } from 'prosemirror-model'
import { isSafeLink } from './attribute-values.ts'

/** How an embed looks. Its data comes from any peer: text goes in as text, an address only when it is a safe one. */
export function embedDom(type: string, data: string): DOMOutputSpec {
  const fields = readFields(data)
  switch (type) {
    case 'break':
      return ['br']
    case 'divider':
      return ['span', { class: 'concord-divider', contenteditable: 'false', ...source(type, data) }, ['hr']]
    case 'mention':
      return ['span', { class: 'concord-mention', contenteditable: 'false', ...source(type, data) }, `@${text(fields, 'label') ?? text(fields, 'user') ?? ''}`]
    case 'image':
      return imageDom(data, fields) ?? chip(type, data)
    default:
      return chip(type, data)
  }
}

/** An embed of our own HTML, back from the clipboard. */
export function readEmbed(dom: HTMLElement): { type: string; data: string } | false {
  const type = dom.getAttribute('data-embed') ?? ''
  const data = dom.getAttribute('data-embed-data') ?? 'null'
  return /^(divider|break|image|mention)$/.test(type) && isJson(data) ? { type, data } : false
}

function imageDom(data: string, fields: ReadonlyMap<string, unknown>): DOMOutputSpec | undefined {
  const src = text(fields, 'src')
  if (!isSafeLink(src) || /^mailto:/i.test(src)) return undefined
  const alt = text(fields, 'alt') ?? ''
  const size = Object.fromEntries(['width', 'height'].flatMap((name) => (typeof fields.get(name) === 'number' ? [[name, String(fields.get(name))]] : [])))
  return ['span', { class: 'concord-image', contenteditable: 'false', ...source('image', data) }, ['img', { src, alt, loading: 'lazy', referrerpolicy: 'no-referrer', ...size }]]
}

function chip(type: string, data: string): DOMOutputSpec {
  return ['span', { class: 'concord-embed', contenteditable: 'false', role: 'img', 'aria-label': `embedded ${type}`, ...source(type, data) }, type]
}

function source(type: string, data: string) {
  return { 'data-embed': type, 'data-embed-data': data }
}

function text(fields: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = fields.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function readFields(data: string): ReadonlyMap<string, unknown> {
  const value: unknown = isJson(data) ? JSON.parse(data) : null
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : [])
}

function isJson(data: string): boolean {
  try {
    JSON.parse(data)
    return true
  } catch {
    return false
  }
}
