import type { DocumentText } from '@concord/ot'
import { type Block, blocks, embedLabel, headingOf, imageSource, isSet, listOf, safeLink, type Span, valueOf } from './blocks.ts'

/** The document as CommonMark. Characters with a meaning there are escaped, `<` and `&` too: renderers pass HTML through. */
export function toMarkdown(text: DocumentText): string {
  const out: string[] = []
  let numbers: number[] = []
  let before: string | undefined
  for (const block of blocks(text)) {
    const kind = kindOf(block)
    if (before !== undefined && (kind !== before || kind === 'paragraph')) out.push(before === 'code' ? '```\n' : '')
    if (kind === 'code' && before !== 'code') out.push('```')
    if (kind !== 'list') numbers = []
    out.push(kind === 'code' ? raw(block) : line(block, numbers))
    before = kind
  }
  if (before === 'code') out.push('```')
  return out.length === 0 ? '' : `${out.join('\n')}\n`
}

type Kind = 'code' | 'list' | 'quote' | 'paragraph'

function kindOf({ attributes }: Block): Kind {
  if (isSet(attributes, 'code-block')) return 'code'
  if (listOf(attributes) !== undefined) return 'list'
  return isSet(attributes, 'quote') ? 'quote' : 'paragraph'
}

/** Within a code block nothing is escaped but a fence, which would end it. */
function raw({ spans }: Block): string {
  const text = spans.map(({ insert }) => (typeof insert === 'string' ? insert : `[${embedLabel(insert)}]`)).join('')
  return text.replace(/^(\s*)(`{3,}|~{3,})/, '$1\u200b$2')
}

function line({ spans, attributes }: Block, numbers: number[]): string {
  const content = spans.map(spanMarkdown).join('')
  const heading = headingOf(attributes)
  const quote = isSet(attributes, 'quote') ? '> ' : ''
  if (heading !== undefined) return `${quote}${'#'.repeat(heading)} ${content}`
  const list = listOf(attributes)
  if (list === undefined) return `${quote}${atStart(content)}`
  const level = levelOf(valueOf(attributes, 'indent'))
  const indent = '   '.repeat(level)
  if (list !== 'ordered') return `${quote}${indent}- ${list === 'check' ? (isSet(attributes, 'checked') ? '[x] ' : '[ ] ') : ''}${content}`
  numbers.length = level + 1
  const number = (numbers[level] ?? 0) + 1
  numbers[level] = number
  return `${quote}${indent}${number}. ${content}`
}

function levelOf(indent: unknown): number {
  return typeof indent === 'number' && Number.isInteger(indent) && indent > 0 ? Math.min(indent, 20) : 0
}

function spanMarkdown({ insert, attributes }: Span): string {
  if (typeof insert !== 'string') {
    const source = imageSource(insert)
    return source === undefined ? `\\[${escapeMarkdown(embedLabel(insert))}\\]` : `![${escapeMarkdown(embedLabel(insert))}](${target(source)})`
  }
  const [, lead = '', body = '', tail = ''] = /^(\s*)(.*?)(\s*)$/su.exec(insert) ?? []
  if (body === '') return insert
  let marked = isSet(attributes, 'code') ? inlineCode(body) : escapeMarkdown(body)
  if (isSet(attributes, 'strike')) marked = `~~${marked}~~`
  if (isSet(attributes, 'italic')) marked = `*${marked}*`
  if (isSet(attributes, 'bold')) marked = `**${marked}**`
  const link = safeLink(attributes)
  return `${lead}${link === undefined ? marked : `[${marked}](${target(link)})`}${tail}`
}

/** Fenced by more backticks than it holds. */
function inlineCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${space}${text}${space}${fence}`
}

function target(link: string): string {
  return `<${link.replace(/[<>\\]/g, (character) => encodeURIComponent(character))}>`
}

function escapeMarkdown(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/[\\`*_[\]~|>]/g, '\\$&')
}

/** At the start of a line, these begin a heading, a list or a rule. */
function atStart(content: string): string {
  return content.replace(/^(\s*)([-+#=]|\d+(?=[.)]))/, (_, space: string, mark: string) => (/\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`))
}
