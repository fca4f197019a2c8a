import { embed } from '../src/embed.ts'
import type { AttributeValue, Embed, Operation, TieKey } from '../src/operation.ts'
import { OperationBuilder } from '../src/operation-builder.ts'
import { LOWEST_KEY } from '../src/tie-key.ts'
import { applyNaively, type NaiveDocument } from './naive-document.ts'
import type { Seeded } from './seeded.ts'

/** Three authors, one of them in two tabs; neither numbers nor texts sort as a locale would have it. */
export const KEYS: readonly TieKey[] = [
  { user: 2, client: '000000000000000a' },
  { user: 2, client: '00000000000000a1' },
  { user: 10, client: '0000000000000001' },
  { user: 11, client: 'ffffffffffffffff' },
]

/** Few and alike, so that cases collide: neighbours that merge, pairs that share a half, a text that looks like an embed. */
const CHARACTERS: readonly string[] = ['a', 'b', 'a', 'b', ' ', '\n', '😀', '😁', '\ufffc', 'é', '"', '\\', '漢']
const EMBEDS: readonly Embed[] = [embed('image', { url: 'a.png' }), embed('image', { url: 'b.png' }), embed('rule')]
const NAMES: readonly string[] = ['bold', 'color', 'href']
const VALUES: readonly AttributeValue[] = [true, 'red', 7]

/** Attributes for inserted content. */
export function randomAttributes(random: Seeded): Record<string, AttributeValue> {
  const set: Record<string, AttributeValue> = {}
  if (random.chance(0.6)) return set
  for (const name of NAMES) if (random.chance(0.4)) set[name] = random.pick(VALUES)
  return set
}

/** Attributes to lay over content, some of them removing. */
export function randomChange(random: Seeded): Record<string, AttributeValue> {
  const set: Record<string, AttributeValue> = {}
  for (const name of NAMES) if (random.chance(0.5)) set[name] = random.chance(0.3) ? null : random.pick(VALUES)
  return set
}

/** A content of at most about `most` units. */
export function randomContent(random: Seeded, most = 10): Operation {
  const builder = new OperationBuilder(0)
  const parts = random.int(most / 2 + 1)
  for (let i = 0; i < parts; i++) insertSomething(random, builder)
  return builder.build()
}

/** The document of a content. */
export function documentOf(content: Operation): NaiveDocument {
  return applyNaively([], content)
}

/** How an operation is drawn. `plain`: text only, without attributes; `keyed`: whose key its inserts carry. */
export interface Draw {
  readonly key?: TieKey
  readonly plain?: boolean
}

/**
 * An operation that fits the document and cuts none of its surrogate pairs. A third of them are what typing makes (one
 * place, one change), so that operations collide and fast paths are walked.
 */
export function randomOperation(random: Seeded, document: NaiveDocument, draw: Draw = {}): Operation {
  const builder = new OperationBuilder(document.length).key(draw.key ?? LOWEST_KEY)
  const plain = draw.plain ?? random.chance(0.4)
  const stops = boundaries(document)
  if (random.chance(0.35)) return oneChange(random, builder, stops, plain)
  for (let at = 0; at < stops.length; ) {
    if (random.chance(0.35)) insertSomething(random, builder, plain)
    if (at === stops.length - 1) break
    const next = Math.min(stops.length - 1, at + 1 + random.int(3))
    const length = stops[next]! - stops[at]!
    if (random.chance(0.3)) builder.delete(length)
    else builder.retain(length, plain || random.chance(0.6) ? {} : randomChange(random))
    at = next
  }
  return builder.build()
}

/** A group of one author's or several authors' operations in order, each on what the last one left. */
export function randomSequence(random: Seeded, document: NaiveDocument, length: number, keys: readonly TieKey[], draw: Draw = {}): Operation[] {
  const operations: Operation[] = []
  for (let i = 0, now = document; i < length; i++) {
    const operation = randomOperation(random, now, { key: random.pick(keys), ...draw })
    operations.push(operation)
    now = applyNaively(now, operation)
  }
  return operations
}

function oneChange(random: Seeded, builder: OperationBuilder, stops: readonly number[], plain: boolean): Operation {
  const place = random.int(stops.length)
  builder.retain(stops[place]!)
  if (random.chance(0.6)) return insertSomething(random, builder, plain).build()
  const end = Math.min(stops.length - 1, place + 1 + random.int(2))
  const length = stops[end]! - stops[place]!
  return (plain || random.chance(0.5) ? builder.delete(length) : builder.retain(length, randomChange(random))).build()
}

function insertSomething(random: Seeded, builder: OperationBuilder, plain = false): OperationBuilder {
  if (!plain && random.chance(0.15)) return builder.insertEmbed(random.pick(EMBEDS), randomAttributes(random))
  let text = ''
  for (let i = random.int(3); i >= 0; i--) text += random.pick(CHARACTERS)
  return builder.insert(text, plain ? {} : randomAttributes(random))
}

/** Positions that are not within a surrogate pair. */
export function boundaries(document: NaiveDocument): number[] {
  const stops: number[] = []
  for (let i = 0; i <= document.length; i++) {
    const before = document[i - 1]?.content
    if (typeof before === 'string' && /^[\ud800-\udbff]$/.test(before) && i < document.length) continue
    stops.push(i)
  }
  return stops
}
