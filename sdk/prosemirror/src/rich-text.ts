import { type Attributes, type AttributeValue, attributes } from '@concord/ot'
import { type Mark, type Node, Schema } from 'prosemirror-model'
import { isColor, isSafeLink, packAttributes } from './attribute-values.ts'
import type { FlatMapping } from './flat-mapping.ts'
import { FLAG_MARKS } from './rich-text-marks.ts'
import { richTextMarks } from './rich-text-marks.ts'
import { carriedAttributes, MAX_INDENT, richTextNodes } from './rich-text-nodes.ts'

/** The schema of `docs/attributes.md`. */
export const richTextSchema = new Schema({ nodes: richTextNodes, marks: richTextMarks })

/** A block attribute: which values the schema shows, and under which name of the node. All others are carried. */
interface BlockAttribute {
  readonly name: string
  readonly attr: string
  readonly accepts: (value: AttributeValue) => boolean
}

const BLOCK_ATTRIBUTES: readonly BlockAttribute[] = [
  { name: 'heading', attr: 'heading', accepts: (value) => isWhole(value, 1, 6) },
  { name: 'list', attr: 'list', accepts: (value) => value === 'bullet' || value === 'ordered' || value === 'check' },
  { name: 'checked', attr: 'checked', accepts: (value) => typeof value === 'boolean' },
  { name: 'indent', attr: 'indent', accepts: (value) => isWhole(value, 0, MAX_INDENT) },
  { name: 'quote', attr: 'quote', accepts: (value) => value === true },
  { name: 'code-block', attr: 'code', accepts: (value) => value === true || (typeof value === 'string' && /^[a-z0-9+#.-]{1,32}$/.test(value)) },
  { name: 'align', attr: 'align', accepts: (value) => value === 'left' || value === 'center' || value === 'right' || value === 'justify' },
]

const FLAGS: ReadonlySet<string> = new Set(FLAG_MARKS)

/** {@link FlatMapping} of {@link richTextSchema}. */
export const richText: FlatMapping = {
  schema: richTextSchema,
  block: (set, content) => richTextSchema.nodes['paragraph']!.create(blockAttrs(set), content as Node[]),
  blockAttributes,
  marks: (set) => set.map(markOf),
  markAttributes: (marks) => (marks.length === 0 ? attributes(undefined) : attributes(marks.map(entryOf))),
  embedNode: (embed, marks) => richTextSchema.nodes['embed']!.create({ type: embed.type, data: embed.data }, null, marks),
  embedOf: (node) => ({ type: String(node.attrs['type']), data: String(node.attrs['data']) }),
}

function blockAttrs(set: Attributes): Record<string, unknown> {
  const attrs: Record<string, unknown> = {}
  const carried: (readonly [string, AttributeValue])[] = []
  for (const [name, value] of set) {
    const known = BLOCK_ATTRIBUTES.find((candidate) => candidate.name === name && candidate.accepts(value))
    if (known === undefined) carried.push([name, value])
    else attrs[known.attr] = value
  }
  return { ...attrs, extra: packAttributes(carried) }
}

/** A later entry wins: what was set here covers what is carried. */
function blockAttributes(block: Node): Attributes {
  const entries = carriedAttributes(block)
  for (const { name, attr } of BLOCK_ATTRIBUTES) {
    const value = block.attrs[attr] as AttributeValue
    if (value !== null) entries.push([name, value])
  }
  return attributes(entries)
}

function markOf([name, value]: readonly [string, AttributeValue]): Mark {
  const { marks } = richTextSchema
  if (FLAGS.has(name) && value === true) return marks[name]!.create()
  if (name === 'link' && isSafeLink(value)) return marks['link']!.create({ href: value })
  if (name === 'color' && isColor(value)) return marks['color']!.create({ color: value })
  return marks['carried']!.create({ name, value })
}

function entryOf(mark: Mark): readonly [string, AttributeValue] {
  switch (mark.type.name) {
    case 'link':
      return ['link', String(mark.attrs['href'])]
    case 'color':
      return ['color', String(mark.attrs['color'])]
    case 'carried':
      return [String(mark.attrs['name']), mark.attrs['value'] as AttributeValue]
    default:
      return [mark.type.name, true]
  }
}

function isWhole(value: AttributeValue, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to
}
