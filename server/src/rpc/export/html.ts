import type { Attributes, DocumentText } from '@concord/ot'
import { type Block, blocks, embedLabel, headingOf, imageSource, isSet, listOf, safeColor, safeLink, type Span, valueOf } from './blocks.ts'

const MARKS = [
  ['code', 'code'],
  ['strike', 's'],
  ['underline', 'u'],
  ['italic', 'em'],
  ['bold', 'strong'],
] as const

/** The document as HTML. Text is data: every character of it is escaped, and only known attributes become markup. */
export function toHtml(text: DocumentText): string {
  const out: string[] = []
  let open = ''
  for (const block of blocks(text)) {
    const container = containerOf(block)
    if (container !== open) out.push(closing(open), opening(container))
    open = container
    out.push(blockHtml(block, container))
  }
  out.push(closing(open))
  return out.filter((line) => line !== '').join('\n')
}

function containerOf({ attributes }: Block): string {
  const list = listOf(attributes)
  if (isSet(attributes, 'code-block')) return 'pre'
  if (list !== undefined) return list === 'ordered' ? 'ol' : 'ul'
  return isSet(attributes, 'quote') ? 'blockquote' : ''
}

function opening(container: string): string {
  if (container === '') return ''
  return container === 'pre' ? '<pre><code>' : `<${container}>`
}

function closing(container: string): string {
  if (container === '') return ''
  return container === 'pre' ? '</code></pre>' : `</${container}>`
}

function blockHtml(block: Block, container: string): string {
  const { attributes } = block
  const content = block.spans.map(spanHtml).join('')
  if (container === 'pre') return content
  if (container === 'ol' || container === 'ul') return `<li${style(attributes)}>${checkbox(attributes)}${content}</li>`
  const heading = headingOf(attributes)
  const tag = heading === undefined ? 'p' : `h${heading}`
  return `<${tag}${style(attributes)}>${content === '' ? '<br>' : content}</${tag}>`
}

function checkbox(attributes: Attributes): string {
  if (listOf(attributes) !== 'check') return ''
  return isSet(attributes, 'checked') ? '<input type="checkbox" disabled checked> ' : '<input type="checkbox" disabled> '
}

function style(attributes: Attributes): string {
  const rules: string[] = []
  const align = valueOf(attributes, 'align')
  const indent = valueOf(attributes, 'indent')
  if (align === 'center' || align === 'right' || align === 'justify') rules.push(`text-align: ${align}`)
  if (typeof indent === 'number' && Number.isInteger(indent) && indent > 0 && indent <= 20) rules.push(`margin-left: ${indent * 2}em`)
  return rules.length === 0 ? '' : ` style="${rules.join('; ')}"`
}

function spanHtml({ insert, attributes }: Span): string {
  let html = typeof insert === 'string' ? escapeHtml(insert) : image(imageSource(insert), embedLabel(insert))
  for (const [name, tag] of MARKS) if (isSet(attributes, name)) html = `<${tag}>${html}</${tag}>`
  const color = safeColor(attributes)
  const link = safeLink(attributes)
  if (color !== undefined) html = `<span style="color: ${color}">${html}</span>`
  return link === undefined ? html : `<a href="${escapeHtml(link)}" rel="noopener noreferrer nofollow">${html}</a>`
}

function image(source: string | undefined, label: string): string {
  return source === undefined ? `<span>${escapeHtml(`[${label}]`)}</span>` : `<img src="${escapeHtml(source)}" alt="${escapeHtml(label)}">`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
