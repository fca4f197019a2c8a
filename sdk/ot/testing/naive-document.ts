import type { Attributes, AttributeValue, Embed, Operation, TieKey } from '../src/operation.ts'
import type { OperationBuilder } from '../src/operation-builder.ts'
import { LOWEST_KEY } from '../src/tie-key.ts'

/** One unit of a document, with everything that can be known about it. */
export interface Unit {
  /** One UTF-16 code unit, or an embed. */
  readonly content: string | Embed
  readonly attributes: Readonly<Record<string, unknown>>
  /** Key of the insert that made it, `lowest` without one. */
  readonly key: string
}

/**
 * A document as an array of units, and operations read number by number: slow, and sharing no code with the algebra that
 * it judges.
 */
export type NaiveDocument = readonly Unit[]

/** The document after the operation. Throws when it does not fit. */
export function applyNaively(document: NaiveDocument, operation: Operation): NaiveDocument {
  if (document.length !== operation.baseLength) throw new Error(`base length ${operation.baseLength} on ${document.length} units`)
  const result: Unit[] = []
  let at = 0
  for (const step of decodeNaively(operation)) {
    if (step.kind === 'insert') result.push(...step.units)
    else if (step.kind === 'delete') at += step.length
    else for (const unit of document.slice(at, (at += step.length))) result.push(overlay(unit, step.attributes))
    if (at > document.length) throw new Error('the operation reaches beyond the document')
  }
  return [...result, ...document.slice(at)]
}

export type NaiveStep =
  | { readonly kind: 'retain'; readonly length: number; readonly attributes: Attributes }
  | { readonly kind: 'insert'; readonly units: readonly Unit[] }
  | { readonly kind: 'delete'; readonly length: number }

/** Reads the packed form by the table in operation.ts, and nothing else. */
export function decodeNaively(operation: Operation): NaiveStep[] {
  const steps: NaiveStep[] = []
  const text = operation.text.split('')
  let attributes: Attributes = []
  let key = operation.keys[0]
  for (const value of operation.components) {
    const payload = Math.floor(value / 4)
    const index = Math.floor(payload / 4)
    const made = (content: string | Embed): Unit => ({ content, attributes: Object.fromEntries(attributes), key: nameOf(key) })
    if (value % 4 === 0) steps.push({ kind: 'retain', length: payload, attributes })
    else if (value % 4 === 1) steps.push({ kind: 'insert', units: text.splice(0, payload).map(made) })
    else if (value % 4 === 2) steps.push({ kind: 'delete', length: payload })
    else if (payload % 4 === 0) attributes = index === 0 ? [] : operation.attributes[index - 1]!
    else if (payload % 4 === 1) steps.push({ kind: 'insert', units: [made(operation.embeds[index]!)] })
    else key = operation.keys[index]
  }
  return steps
}

/** One line per document, equal for equal documents; keys count unless told otherwise. */
export function describe(document: NaiveDocument, keys: 'with keys' | 'without keys' = 'with keys'): string {
  return JSON.stringify(
    document.map((unit) => [unit.content, Object.entries(unit.attributes).sort(([a], [b]) => (a < b ? -1 : 1)), keys === 'with keys' ? unit.key : '']),
  )
}

function nameOf(key: TieKey | undefined): string {
  return key === undefined || (key.user === 0 && key.client === '0000000000000000') ? 'lowest' : `${key.user}.${key.client}`
}

function overlay(unit: Unit, attributes: Attributes): Unit {
  if (attributes.length === 0) return unit
  const laid: Record<string, unknown> = { ...unit.attributes }
  for (const [name, value] of attributes) {
    if (value === null) delete laid[name]
    else laid[name] = value
  }
  return { ...unit, attributes: laid }
}

/** Tells a builder to insert units, one by one; the halves of a pair together. */
export function tellUnits(builder: OperationBuilder, units: readonly Unit[]): void {
  for (const [index, unit] of units.entries()) {
    const [user, client] = unit.key.split('.')
    builder.key(client === undefined ? LOWEST_KEY : { user: Number(user), client })
    const attributes = unit.attributes as Record<string, AttributeValue>
    if (typeof unit.content === 'object') builder.insertEmbed(unit.content, attributes)
    else if (unit.content.isWellFormed()) builder.insert(unit.content, attributes)
    else if (unit.content >= '\udc00') builder.insert(`${String(units[index - 1]!.content)}${unit.content}`, attributes)
  }
}
