import type { Attributes, AttributeValue, DocumentText, Embed } from '@concord/ot'

export interface Span {
  readonly insert: string | Embed
  readonly attributes: Attributes
}

/** A paragraph: its spans, and the attributes that its newline carries. */
export interface Block {
  readonly spans: readonly Span[]
  readonly attributes: Attributes
}

/** The paragraphs of a rich text. What stands after the last newline is one without attributes. */
export function* blocks(text: DocumentText): Generator<Block, void, undefined> {
  let spans: Span[] = []
  for (const { insert, attributes } of text.runs()) {
    if (typeof insert !== 'string') {
      spans.push({ insert, attributes })
      continue
    }
    const lines = insert.split('\n')
    for (const [index, line] of lines.entries()) {
      if (line !== '') spans.push({ insert: line, attributes })
      if (index === lines.length - 1) continue
      yield { spans, attributes }
      spans = []
    }
  }
  if (spans.length > 0) yield { spans, attributes: [] }
}

export function valueOf(attributes: Attributes, name: string): AttributeValue | undefined {
  return attributes.find(([key]) => key === name)?.[1]
}

export function isSet(attributes: Attributes, name: string): boolean {
  return valueOf(attributes, name) === true
}

/** The level of a heading, 1 to 6. */
export function headingOf(attributes: Attributes): number | undefined {
  const level = valueOf(attributes, 'heading')
  return typeof level === 'number' && Number.isInteger(level) && level >= 1 && level <= 6 ? level : undefined
}

export type ListKind = 'bullet' | 'ordered' | 'check'

export function listOf(attributes: Attributes): ListKind | undefined {
  const kind = valueOf(attributes, 'list')
  return kind === 'bullet' || kind === 'ordered' || kind === 'check' ? kind : undefined
}

/** Links that open a page or write a mail. Any other target, as `javascript:`, is left out: its text stays. */
export function safeLink(attributes: Attributes): string | undefined {
  const target = valueOf(attributes, 'link')
  return typeof target === 'string' && /^(?:https?:\/\/|mailto:)[^\s\u0000-\u001f\u007f]+$/i.test(target) ? target : undefined
}

/** `#rrggbb`; nothing else reaches a style. */
export function safeColor(attributes: Attributes): string | undefined {
  const color = valueOf(attributes, 'color')
  return typeof color === 'string' && /^#[0-9a-f]{6}$/i.test(color) ? color : undefined
}

/** What an embed names of itself, for formats that cannot show it. */
export function embedLabel(embed: Embed): string {
  const fields = embedFields(embed)
  const label = fields['alt'] ?? fields['label'] ?? fields['name']
  return typeof label === 'string' ? label : embed.type
}

/** Where an image comes from, when that is a web address. */
export function imageSource(embed: Embed): string | undefined {
  const source = embed.type === 'image' ? embedFields(embed)['src'] : undefined
  return typeof source === 'string' && /^https?:\/\/[^\s\u0000-\u001f\u007f]+$/i.test(source) ? source : undefined
}

function embedFields({ data }: Embed): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(data)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
