import type { Node, NodeSpec } from 'prosemirror-model'
import { unpackAttributes } from './attribute-values.ts'
import { embedDom, readEmbed } from './embed-dom.ts'

/** How deep a paragraph may be indented: `indent` 1 to 8. */
export const MAX_INDENT = 8

const ALIGNMENTS: ReadonlySet<string> = new Set(['left', 'center', 'right', 'justify'])

/**
 * One kind of textblock for every paragraph: what it is stands in its attributes, as it stands on its newline in the
 * text. Any combination that peers make can therefore be held, and turning a line into a heading replaces nothing.
 */
const paragraph: NodeSpec = {
  group: 'block',
  content: 'inline*',
  attrs: {
    heading: { default: null },
    list: { default: null },
    checked: { default: null },
    indent: { default: null },
    quote: { default: null },
    code: { default: null },
    align: { default: null },
    extra: { default: null },
  },
  parseDOM: [
    ...[1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, getAttrs: (dom: HTMLElement) => ({ ...readAttrs(dom), heading: level }) })),
    { tag: 'li', getAttrs: (dom) => ({ ...readAttrs(dom), ...readListItem(dom) }) },
    { tag: 'pre', preserveWhitespace: 'full', getAttrs: (dom) => ({ ...readAttrs(dom), code: readLanguage(dom) }) },
    { tag: 'blockquote p', getAttrs: (dom) => ({ ...readAttrs(dom), quote: true }) },
    { tag: 'li p', getAttrs: (dom) => ({ ...readAttrs(dom), ...readListItem(dom.closest('li')!) }) },
    { tag: 'p', getAttrs: readAttrs },
    { tag: 'blockquote', getAttrs: (dom) => (dom.querySelector('p') === null ? { quote: true } : false) },
  ],
  toDOM: (node) => [tagOf(node), domAttributes(node), 0],
}

const text: NodeSpec = { group: 'inline' }

/** One unit that is not text. What the page cannot draw is a labelled chip, its data kept. */
const embed: NodeSpec = {
  group: 'inline',
  inline: true,
  atom: true,
  attrs: { type: {}, data: { default: 'null' } },
  parseDOM: [
    { tag: 'hr', getAttrs: () => ({ type: 'divider', data: 'null' }) },
    { tag: 'br', getAttrs: (dom) => (dom.classList.contains('ProseMirror-trailingBreak') ? false : { type: 'break', data: 'null' }) },
    { tag: 'span[data-embed]', getAttrs: (dom) => readEmbed(dom) },
  ],
  toDOM: (node) => embedDom(String(node.attrs.type), String(node.attrs.data)),
  leafText: (node) => (node.attrs.type === 'break' ? '\n' : '\ufffc'),
}

export const richTextNodes: Record<string, NodeSpec> = { doc: { content: 'block+' }, paragraph, text, embed }

function tagOf(node: Node): string {
  if (node.attrs.heading !== null) return `h${node.attrs.heading}`
  return node.attrs.code === null ? 'p' : 'pre'
}

function domAttributes(node: Node): Record<string, string> {
  const { list, checked, indent, quote, code, align } = node.attrs
  const result: Record<string, string> = {}
  if (list !== null) result['data-list'] = list
  if (list === 'check') result['data-checked'] = String(checked === true)
  if (indent !== null) result['data-indent'] = String(indent)
  if (quote === true) result['data-quote'] = ''
  if (code !== null) result['data-code'] = code === true ? '' : code
  if (align !== null) result['data-align'] = align
  return result
}

/** Reads a language as the server takes it. */
function readLanguage(dom: HTMLElement): string | true {
  const language = dom.getAttribute('data-code') ?? ''
  return /^[a-z0-9+#.-]{1,32}$/.test(language) ? language : true
}

/** What our own HTML says about a paragraph, read back from the clipboard. */
function readAttrs(dom: HTMLElement): Record<string, unknown> {
  const list = dom.getAttribute('data-list')
  const indent = Number(dom.getAttribute('data-indent') ?? 0)
  const align = dom.getAttribute('data-align') ?? dom.style.textAlign
  return {
    list: list === 'bullet' || list === 'ordered' || list === 'check' ? list : null,
    checked: list === 'check' && dom.getAttribute('data-checked') === 'true' ? true : null,
    indent: Number.isInteger(indent) && indent >= 1 && indent <= MAX_INDENT ? indent : null,
    quote: dom.hasAttribute('data-quote') ? true : null,
    align: ALIGNMENTS.has(align) && align !== 'left' ? align : null,
  }
}

/** A foreign list: what it is stands in the parent, how deep in the number of its ancestors. */
function readListItem(dom: HTMLElement): Record<string, unknown> {
  let depth = -1
  for (let list = dom.closest('ul, ol'); list !== null; list = list.parentElement?.closest('ul, ol') ?? null) depth++
  return { list: dom.parentElement?.nodeName === 'OL' ? 'ordered' : 'bullet', indent: depth > 0 ? Math.min(depth, MAX_INDENT) : null }
}

/** The attributes that a node carries for others. */
export function carriedAttributes(node: Node) {
  return unpackAttributes(node.attrs.extra)
}
