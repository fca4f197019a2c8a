import type { Attributes, AttributeValue, Embed, Operation } from '../src/operation.ts'

/** One unit of a document, with all that can be said of it. */
export interface Cell {
  readonly unit: string | Embed
  readonly attributes: Attributes
}

export type NaiveOutcome = { readonly cells: readonly Cell[] } | { readonly code: 'length' | 'surrogate' }

/** What an operation does, as literally as its definition says it: an array of cells, and nothing shared with the rope. */
export function naiveApply(cells: readonly Cell[], operation: Operation): NaiveOutcome {
  if (operation.baseLength !== cells.length) return { code: 'length' }
  const result: Cell[] = []
  let [at, textAt] = [0, 0]
  let current: Attributes = []
  for (const component of operation.components) {
    const length = Math.floor(component / 4)
    if (component % 4 === 0) {
      for (const cell of cells.slice(at, at + length)) result.push({ unit: cell.unit, attributes: laid(cell.attributes, current) })
      at += length
    } else if (component % 4 === 1) {
      const text = operation.text.slice(textAt, (textAt += length))
      if (!text.isWellFormed()) return { code: 'surrogate' }
      for (let i = 0; i < length; i++) result.push({ unit: text[i]!, attributes: current })
    } else if (component % 4 === 2) {
      at += length
    } else if (length % 4 === 0) {
      const index = Math.floor(length / 4)
      current = index === 0 ? [] : operation.attributes[index - 1]!
    } else if (length % 4 === 1) {
      result.push({ unit: operation.embeds[Math.floor(length / 4)]!, attributes: current })
    }
    if (at > cells.length) return { code: 'length' }
    if (splitsPair(cells, at)) return { code: 'surrogate' }
  }
  for (const cell of cells.slice(at)) result.push(cell)
  return { cells: result }
}

/** Whether the gap before `at` is within a surrogate pair. */
export function splitsPair(cells: readonly Cell[], at: number): boolean {
  const [before, after] = [cells[at - 1]?.unit, cells[at]?.unit]
  return typeof before === 'string' && typeof after === 'string' && /^[\ud800-\udbff]$/.test(before) && /^[\udc00-\udfff]$/.test(after)
}

export function naiveText(cells: readonly Cell[]): string {
  return cells.map(({ unit }) => (typeof unit === 'string' ? unit : '\uFFFC')).join('')
}

/** The longest runs, as JSON: equal for equal content. */
export function naiveRuns(cells: readonly Cell[]): string {
  const runs: { insert: string | Embed; attributes: Attributes }[] = []
  for (const { unit, attributes } of cells) {
    const last = runs.at(-1)
    const same = last !== undefined && typeof last.insert === 'string' && typeof unit === 'string' && JSON.stringify(last.attributes) === JSON.stringify(attributes)
    if (same) last.insert += unit as string
    else runs.push({ insert: unit, attributes })
  }
  return JSON.stringify(runs)
}

function laid(under: Attributes, over: Attributes): Attributes {
  if (over.length === 0) return under
  const merged = new Map<string, AttributeValue>([...under, ...over])
  return [...merged].filter(([, value]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1))
}
