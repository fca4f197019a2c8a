import { type DocumentText, type Operation, OperationBuilder } from '@concord/ot'
import type { KeyedRandom } from '../kernel/keyed-random.ts'

/** Hands out characters that no run ever types twice, so that a lost or doubled edit shows in the text itself. */
export class UniqueCharacters {
  #count = 0

  /** Every fifth is a surrogate pair. */
  next(): string {
    const n = this.#count++
    if (n >= 20_000) throw new Error('a run types at most 20,000 characters')
    return String.fromCodePoint((n % 5 === 4 ? 0x20000 : 0x4e00) + n)
  }
}

/** The unique characters of a text. */
export function uniqueIn(text: string): Set<string> {
  const found = new Set<string>()
  for (const char of text) if (isUnique(char)) found.add(char)
  return found
}

function isUnique(char: string): boolean {
  const code = char.codePointAt(0) ?? 0
  return (code >= 0x4e00 && code < 0x4e00 + 20_000) || code >= 0x20000
}

/** What a careless author does next: mostly at the same few places as everybody else. */
export function nextEdit(random: KeyedRandom, text: DocumentText, fresh: UniqueCharacters): Operation {
  const build = new OperationBuilder(text.length)
  const at = place(random, text)
  const draw = random.float()
  if (text.length === 0 || draw < 0.55) return build.retain(at).insert(typed(random, fresh), draw < 0.1 ? { bold: true } : {}).build()
  const end = aligned(text, Math.min(text.length, at + 1 + random.below(6)))
  if (end <= at) return build.retain(at).insert(typed(random, fresh)).build()
  if (draw < 0.8) return build.retain(at).delete(end - at).build()
  if (draw < 0.9) return build.retain(at).retain(end - at, random.pick(FORMATS)).build()
  if (draw < 0.93) return build.retain(at).insertEmbed({ type: 'mention', data: '{"label":"Ada","user":"ada"}' }).build()
  return build.retain(at).insert(typed(random, fresh)).delete(end - at).build()
}

const FORMATS = [{ bold: true }, { bold: null }, { italic: true, color: '#ff0000' }, { color: null }] as const

function typed(random: KeyedRandom, fresh: UniqueCharacters): string {
  const count = 1 + random.below(3)
  return Array.from({ length: count }, () => fresh.next()).join('')
}

function place(random: KeyedRandom, text: DocumentText): number {
  const spread = random.chance(0.5) ? Math.min(3, text.length) : text.length
  return aligned(text, random.below(spread + 1))
}

/** Never inside a surrogate pair. */
function aligned(text: DocumentText, position: number): number {
  if (position <= 0 || position >= text.length) return position
  const code = text.charCodeAt(position)
  return code >= 0xdc00 && code <= 0xdfff ? position - 1 : position
}
