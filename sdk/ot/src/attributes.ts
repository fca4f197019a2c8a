import type { Attributes, AttributeValue } from './operation.ts'

/** What callers may write where attributes are wanted: a record, or pairs in any order (a later pair wins). */
export type AttributesInput = Readonly<Record<string, AttributeValue>> | Iterable<readonly [name: string, value: AttributeValue]>

/** No attributes at all. */
export const NO_ATTRIBUTES: Attributes = Object.freeze([])

/** Names that reach the prototype of a plain object in some consumer, sooner or later. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * The attribute set of a record: sorted by name in code unit order, names unique.
 * Throws RangeError for a name or value that no server accepts.
 */
export function attributes(input: AttributesInput | undefined): Attributes {
  if (input === undefined) return NO_ATTRIBUTES
  if (Array.isArray(input) && isNormal(input)) return input
  const entries = Symbol.iterator in input ? (input as Iterable<readonly [string, AttributeValue]>) : Object.entries(input)
  const byName = new Map<string, AttributeValue>()
  for (const [name, value] of entries) {
    const problem = nameProblem(name) ?? valueProblem(value)
    if (problem !== undefined) throw new RangeError(`attribute ${JSON.stringify(name)}: ${problem}`)
    byName.set(name, value === 0 ? 0 : value)
  }
  return byName.size === 0 ? NO_ATTRIBUTES : [...byName].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** True for names that no table of user data may have as a key. */
export function isForbiddenName(name: string): boolean {
  return FORBIDDEN_NAMES.has(name)
}

/** Why a name cannot be used; undefined when it can. Lengths are the business of limits. */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name !== 'string') return 'the name is not a string'
  if (name === '') return 'the name is empty'
  if (isForbiddenName(name)) return 'the name is reserved by the language of some peers'
  if (!name.isWellFormed()) return 'the name has a lone surrogate'
  if (/\p{Cc}/u.test(name)) return 'the name has a control character'
  return undefined
}

/** Why a value cannot be used; undefined when it can. Negative zero is refused where it comes from a peer: it equals 0 and is encoded differently. */
export function valueProblem(value: unknown): string | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : 'the number is not finite'
    case 'string':
      return value.isWellFormed() ? undefined : 'the value has a lone surrogate'
    default:
      return value === null ? undefined : 'the value is neither a string, a finite number, a boolean nor null'
  }
}

/** Equal names with equal values. */
export function equalAttributes(a: Attributes, b: Attributes): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    if (a[i]![0] !== b[i]![0] || a[i]![1] !== b[i]![1]) return false
  }
  return true
}

/** One string per set, equal for equal sets only: the key of the tables that intern them. */
export function attributesName(set: Attributes): string {
  let name = ''
  for (const [key, value] of set) name += `${key.length}:${key}${valueName(value)}`
  return name
}

function valueName(value: AttributeValue): string {
  return typeof value === 'string' ? `s${value.length}:${value}` : `${String(value)};`
}

/** What laying `over` after `under` on a retained range amounts to: names of `over` win, `null` stays, because it still has to remove. */
export function composeAttributes(under: Attributes, over: Attributes): Attributes {
  if (under.length === 0) return over
  if (over.length === 0) return under
  return merge(under, over)
}

/** The attributes of inserted content once `over` is laid over it: `null` removes, and nothing remains of it. */
export function layAttributes(content: Attributes, over: Attributes): Attributes {
  if (over.length === 0) return content
  const merged = merge(content, over)
  return merged.some(([, value]) => value === null) ? merged.filter(([, value]) => value !== null) : merged
}

/** `set` without the names that `winner` sets: what remains of an earlier change once a later one has decided (R13). */
export function withoutNames(set: Attributes, winner: Attributes): Attributes {
  if (set.length === 0 || winner.length === 0) return set
  const rest = set.filter(([name]) => !winner.some(([other]) => other === name))
  return rest.length === set.length ? set : rest
}

/** The change that turns content carrying `from` into content carrying `to`: the inverse of nothing, the delta of attributes. */
export function attributesChange(from: Attributes, to: Attributes): Attributes {
  if (equalAttributes(from, to)) return NO_ATTRIBUTES
  const change = new Map<string, AttributeValue>(from.map(([name]) => [name, null]))
  for (const [name, value] of to) change.set(name, value)
  for (const [name, value] of from) if (change.get(name) === value) change.delete(name)
  return attributes(change)
}

/** Both lists are sorted, so one pass merges them. */
function merge(under: Attributes, over: Attributes): Attributes {
  const merged: (readonly [string, AttributeValue])[] = []
  let i = 0
  for (const entry of over) {
    while (i < under.length && under[i]![0] < entry[0]) merged.push(under[i++]!)
    if (i < under.length && under[i]![0] === entry[0]) i++
    merged.push(entry)
  }
  while (i < under.length) merged.push(under[i++]!)
  return merged
}

function isNormal(set: readonly unknown[]): set is Attributes {
  let previous = ''
  for (const entry of set) {
    if (!Array.isArray(entry) || entry.length !== 2) return false
    const [name, value] = entry
    if (nameProblem(name) !== undefined || valueProblem(value) !== undefined || Object.is(value, -0) || name <= previous) return false
    previous = name
  }
  return true
}
