import { isForbiddenName, nameProblem } from './attributes.ts'
import type { Embed } from './operation.ts'

/** What the data of an embed may hold: anything JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/**
 * An embed with its data in canonical JSON, so that equal data is an equal string: `embed('image', { url })`.
 * Throws RangeError for a type or data that no server accepts.
 */
export function embed(type: string, data: JsonValue = null): Embed {
  const made = { type, data: canonicalJson(data) }
  const problem = embedProblem(made)
  if (problem !== undefined) throw new RangeError(`embed: ${problem}`)
  return made
}

/** JSON as RFC 8785 writes it: no spaces, keys sorted by code units, numbers as ECMAScript prints them. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value as Record<string, JsonValue>).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
}

/** Equal type and data. */
export function equalEmbeds(a: Embed, b: Embed): boolean {
  return a === b || (a.type === b.type && a.data === b.data)
}

/** Why an embed cannot be used; undefined when it can. */
export function embedProblem(candidate: Embed): string | undefined {
  const problem = nameProblem(candidate.type)
  if (problem !== undefined) return `the type: ${problem}`
  return isCanonicalJson(candidate.data) ? undefined : 'the data is not canonical JSON (RFC 8785) without lone surrogates'
}

function isCanonicalJson(text: string): boolean {
  if (typeof text !== 'string' || !text.isWellFormed()) return false
  try {
    return canonicalJson(JSON.parse(text, checkEntry) as JsonValue) === text
  } catch {
    return false
  }
}

/** An escaped lone surrogate is well-formed text until it is parsed; throwing is the only way out of a reviver. */
function checkEntry(key: string, value: unknown): unknown {
  if (isForbiddenName(key) || !key.isWellFormed()) throw new RangeError('key')
  if (typeof value === 'string' && !value.isWellFormed()) throw new RangeError('string')
  return value
}
