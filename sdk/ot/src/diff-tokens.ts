import { type FlatContent, PLACEHOLDER } from './flat-content.ts'

export type TokenKind = 'word' | 'line'

/** Tokens of a range: equal names mean equal content; `starts` has one more entry, the end of the range. */
export interface Tokens {
  readonly names: readonly string[]
  readonly starts: readonly number[]
}

/** Words, spaces together, everything else one character at a time; scripts that write without spaces too. No token cuts a pair. */
const WORD = /[[\p{L}\p{M}\p{N}_]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]]+|\s+|./gsv

/** A line includes the newline that ends it. */
const LINE = /[^\n]*\n|[^\n]+/g

/** Cuts a range of a content into tokens. */
export function tokenize(content: FlatContent, from: number, to: number, kind: TokenKind): Tokens {
  const names: string[] = []
  const starts: number[] = []
  let at = from
  for (const [token] of content.text.slice(from, to).matchAll(kind === 'word' ? WORD : LINE)) {
    starts.push(at)
    names.push(token.includes(PLACEHOLDER) ? nameWithEmbeds(content, token, at) : `t${token}`)
    at += token.length
  }
  return { names, starts: [...starts, to] }
}

/** Numbers for names, equal for equal names. */
export function tokenIds(a: readonly string[], b: readonly string[]): [a: number[], b: number[]] {
  const ids = new Map<string, number>()
  const idOf = (name: string): number => {
    const id = ids.get(name) ?? ids.size
    ids.set(name, id)
    return id
  }
  return [a.map(idOf), b.map(idOf)]
}

/** Each embed is named with its length in front, so that no text can pass for one. */
function nameWithEmbeds(content: FlatContent, token: string, start: number): string {
  let name = `e${token.length}:${token}`
  for (let i = token.indexOf(PLACEHOLDER); i >= 0; i = token.indexOf(PLACEHOLDER, i + 1)) {
    const embed = content.embedName(start + i)
    name += `${embed.length}:${embed}`
  }
  return name
}
