import { OperationBuilder } from '../src/operation-builder.ts'
import type { AttributeValue, Embed, Operation } from '../src/operation.ts'
import type { Cell } from './naive-text.ts'
import { naiveHash } from './naive-hash.ts'

/** A run of content as the vectors write it. */
export interface VectorRun {
  readonly insert: string | Embed
  readonly attributes?: Readonly<Record<string, AttributeValue>>
}

export interface HashVector {
  readonly name: string
  readonly content: readonly VectorRun[]
  readonly hash: string
}

const IMAGE: Embed = { type: 'image', data: '{"url":"a.png"}' }

/** What the golden file holds before the hashes: each shows one clause of docs/content-hash.md. */
const CONTENTS: readonly { readonly name: string; readonly content: readonly VectorRun[] }[] = [
  { name: 'empty', content: [] },
  { name: 'one letter', content: [{ insert: 'a' }] },
  { name: 'a NUL counts', content: [{ insert: '\0' }] },
  { name: 'two letters', content: [{ insert: 'ab' }] },
  { name: 'order matters', content: [{ insert: 'ba' }] },
  { name: 'beyond ASCII', content: [{ insert: 'Grüße, 世界' }] },
  { name: 'a surrogate pair is two units', content: [{ insert: '😀' }] },
  { name: 'a bold letter', content: [{ insert: 'a', attributes: { bold: true } }] },
  { name: 'an attribute that is false', content: [{ insert: 'a', attributes: { bold: false } }] },
  { name: 'an attribute that is text', content: [{ insert: 'link', attributes: { href: 'https://example.org/ü' } }] },
  { name: 'a number is its 64 bits', content: [{ insert: 'x', attributes: { size: 0.1 } }] },
  { name: 'zero', content: [{ insert: 'x', attributes: { size: 0 } }] },
  { name: 'a number and its text differ', content: [{ insert: 'x', attributes: { size: '0.1' } }] },
  { name: 'several attributes, sorted by name', content: [{ insert: 'mixed', attributes: { B: 1, a: 'é', b: true } }] },
  { name: 'runs', content: [{ insert: 'plain ' }, { insert: 'bold', attributes: { bold: true } }, { insert: '\n', attributes: { heading: 2 } }] },
  { name: 'an embed', content: [{ insert: IMAGE }] },
  { name: 'an embed is not its placeholder', content: [{ insert: '\uFFFC' }] },
  { name: 'an embed with attributes', content: [{ insert: IMAGE, attributes: { width: 320 } }] },
  { name: 'embeds among text', content: [{ insert: 'a' }, { insert: IMAGE }, { insert: IMAGE }, { insert: 'b' }] },
  { name: 'longer than a leaf', content: [{ insert: 'The quick brown fox. '.repeat(200) }, { insert: 'end', attributes: { bold: true } }] },
]

/** The vectors, hashed by the naive implementation alone. */
export function hashVectors(): HashVector[] {
  return CONTENTS.map(({ name, content }) => ({ name, content, hash: naiveHash(content.flatMap(cellsOf)) }))
}

export function vectorContent(content: readonly VectorRun[]): Operation {
  const builder = new OperationBuilder(0)
  for (const { insert, attributes } of content) {
    if (typeof insert === 'string') builder.insert(insert, attributes)
    else builder.insertEmbed(insert, attributes)
  }
  return builder.build()
}

function cellsOf({ insert, attributes = {} }: VectorRun): Cell[] {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))
  const units = typeof insert === 'string' ? insert.split('') : [insert]
  return units.map((unit) => ({ unit, attributes: sorted }))
}
