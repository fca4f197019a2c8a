import { OperationBuilder } from '../src/operation-builder.ts'
import type { AttributeValue, Operation } from '../src/operation.ts'
import { type Cell, splitsPair } from './naive-text.ts'
import type { Seeded } from './seeded.ts'

const CHARACTERS = ['a', 'b', 'c', ' ', '\n', '\0', 'é', 'ß', '世', '\uFFFC', '😀', '👩‍👧', '𝒳']
const SETS: readonly Readonly<Record<string, AttributeValue>>[] = [{ bold: true }, { bold: false }, { color: 'red' }, { color: 'blue', size: 12 }, { size: 0.1 }, { link: '世😀' }]
const CHANGES: readonly Readonly<Record<string, AttributeValue>>[] = [...SETS, { bold: null }, { color: null, size: 3 }, { absent: null }]
const EMBEDS = [{ type: 'image', data: '{"url":"a"}' }, { type: 'image', data: '{"url":"b"}' }, { type: 'mention', data: '7' }]

/** Text of up to `most` characters, some of them two units or more. */
export function randomText(random: Seeded, most: number): string {
  let text = ''
  for (let i = upTo(random, most); i > 0; i--) text += random.chance(0.8) ? random.pick(CHARACTERS.slice(0, 4)) : random.pick(CHARACTERS)
  return text
}

/** Content of about `length` units with attributes and embeds. */
export function randomContent(random: Seeded, length: number): Operation {
  const builder = new OperationBuilder(0)
  for (let written = 0; written < length; ) {
    const part = randomText(random, Math.min(400, length))
    builder.insert(part, random.chance(0.5) ? undefined : random.pick(SETS))
    if (random.chance(0.3)) builder.insertEmbed(random.pick(EMBEDS), random.chance(0.7) ? undefined : random.pick(SETS))
    written += part.length + 1
  }
  return builder.build()
}

/** An operation that fits: several places, every kind of component. */
export function randomOperation(random: Seeded, cells: readonly Cell[]): Operation {
  const builder = new OperationBuilder(cells.length)
  let at = 0
  for (let steps = 1 + upTo(random, 4); steps > 0; steps--) {
    const next = wholePosition(cells, at + upTo(random, random.chance(0.3) ? cells.length - at : Math.min(8, cells.length - at)))
    const kind = upTo(random, 5)
    if (kind <= 1) builder.retain(next - at, random.pick(CHANGES))
    else if (kind === 2) builder.delete(next - at)
    else builder.retain(next - at)
    at = next
    if (kind === 3) builder.insert(randomText(random, 6), random.chance(0.5) ? undefined : random.pick(SETS))
    if (kind === 4) builder.insertEmbed(random.pick(EMBEDS), random.chance(0.7) ? undefined : random.pick(SETS))
    if (kind === 5) builder.insert(randomText(random, random.chance(0.05) ? 3000 : 3))
  }
  return builder.build()
}

/** One plain splice near `caret`, as typing makes them; now and then it cuts a surrogate pair, and then it must fail. */
export function randomTyping(random: Seeded, cells: readonly Cell[], caret: number): Operation {
  const home = Math.min(cells.length, Math.max(0, random.chance(0.9) ? caret : upTo(random, cells.length)))
  const text = random.chance(0.6) ? randomText(random, random.chance(0.02) ? 700 : 2) : ''
  const removed = text !== '' && random.chance(0.8) ? 0 : random.chance(0.01) ? upTo(random, 1500) : upTo(random, 3)
  const backwards = random.chance(0.5) ? Math.min(removed, home) : 0
  const at = home - backwards
  const components = [at * 4, text.length * 4 + 1, Math.min(removed, cells.length - at) * 4 + 2].filter((component) => component >= 4)
  return { baseLength: cells.length, components, text, attributes: [], embeds: [], keys: [] }
}

/** Where the caret stands after an operation of {@link randomTyping}. */
export function caretAfter(operation: Operation): number {
  const first = operation.components[0] ?? 0
  return (first % 4 === 0 ? first / 4 : 0) + operation.text.length
}

/** An operation that fits no document with these cells: a wrong base, an overrun, a cut or an inserted half of a pair. Undefined where there is nothing to cut. */
export function misfit(random: Seeded, cells: readonly Cell[]): Operation | undefined {
  const plain = { text: '', attributes: [], embeds: [], keys: [] }
  const at = upTo(random, cells.length)
  switch (upTo(random, 3)) {
    case 0:
      return { ...plain, baseLength: cells.length + 1 + upTo(random, 3), components: [4] }
    case 1:
      return { ...plain, baseLength: cells.length, components: [at * 4, (cells.length - at + 1 + upTo(random, 3)) * 4 + 2].filter((component) => component >= 4) }
    case 2:
      return at === cells.length ? undefined : { ...plain, baseLength: cells.length, text: '😀', components: [at * 4, 5, 4, 5].filter((component) => component >= 4) }
    default: {
      const cut = cells.findIndex((_, index) => index >= at && splitsPair(cells, index))
      if (cut < 0) return undefined
      const insert = { text: 'x', components: [cut * 4, 5] }
      const remove = { components: [cut * 4, 6] }
      const restyle = { attributes: [[['bold', true] as const]], components: [19, cut * 4] }
      const two = { text: 'x', components: [5, (cut - 1) * 4, 6].filter((component) => component >= 4) }
      return { ...plain, baseLength: cells.length, ...random.pick([insert, remove, restyle, two]) }
    }
  }
}

/** `at`, or one further where it would cut a pair. */
function wholePosition(cells: readonly Cell[], at: number): number {
  return splitsPair(cells, at) ? at + 1 : at
}

/** A whole number from 0 to `most`. */
export function upTo(random: Seeded, most: number): number {
  return random.int(most + 1)
}
