import type { Attributes, Embed, Operation } from '@concord/ot'

/**
 * A document recomputed from its log by code that shares nothing with the server: one array entry per unit, no rope, no
 * cursor, no compose. Slow and obvious on purpose; every replica is held against it. It reads the packed form as
 * `operation.proto` words it.
 */
export class Fold {
  #units: Unit[] = []

  get length(): number {
    return this.#units.length
  }

  /** Throws when the operation does not fit: then the log is not a history of this document. */
  apply(operation: Operation): void {
    if (operation.baseLength !== this.#units.length) {
      throw new Error(`the fold has ${this.#units.length} units, the operation names ${operation.baseLength}`)
    }
    const next: Unit[] = []
    let at = 0
    let textAt = 0
    let set: Attributes = []
    /** What an inserted unit carries: the current set. */
    let fresh: Unit['attributes'] = new Map()
    for (const number of operation.components) {
      const size = Math.floor(number / 4)
      switch (number % 4) {
        case 0:
          for (let i = 0; i < size; i += 1) next.push(laid(this.#unit(at++), set))
          break
        case 1:
          for (let i = 0; i < size; i += 1) next.push({ what: charAt(operation.text, textAt++), attributes: fresh })
          break
        case 2:
          for (let i = 0; i < size; i += 1) this.#unit(at++)
          break
        default:
          if (size % 4 === 0) set = size === 0 ? [] : entry(operation.attributes, size / 4 - 1)
          if (size % 4 === 0) fresh = new Map(set.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
          if (size % 4 === 1) next.push({ what: entry(operation.embeds, (size - 1) / 4), attributes: fresh })
      }
    }
    if (textAt !== operation.text.length) throw new Error(`the operation brings ${operation.text.length} units of text and inserts ${textAt}`)
    while (at < this.#units.length) next.push(this.#unit(at++))
    this.#units = next
  }

  /** The text alone; an embed is U+FFFC. */
  text(): string {
    return this.#units.map(({ what }) => (typeof what === 'string' ? what : '\ufffc')).join('')
  }

  /** Canonical text of the whole content, attributes and embeds included: equal exactly when the contents are. */
  render(): string {
    return renderRuns(this.#units.map(({ what, attributes }) => ({ insert: what, attributes: [...attributes].sort(([a], [b]) => (a < b ? -1 : 1)) })))
  }

  #unit(at: number): Unit {
    return entry(this.#units, at)
  }
}

interface Unit {
  readonly what: string | Embed
  readonly attributes: ReadonlyMap<string, string | number | boolean>
}

/** The same canonical text for a replica's runs, so that the two can be compared. */
export function renderRuns(runs: Iterable<{ readonly insert: string | Embed; readonly attributes: Attributes }>): string {
  const lines: string[] = []
  let open = ''
  let text = ''
  const flush = () => {
    if (text !== '') lines.push(`${JSON.stringify(text)}${open}`)
    text = ''
  }
  for (const { insert, attributes } of runs) {
    const shown = attributes.length === 0 ? '' : ` ${JSON.stringify(attributes)}`
    if (shown !== open || typeof insert !== 'string') flush()
    open = shown
    if (typeof insert === 'string') text += insert
    else lines.push(`<${insert.type} ${insert.data}>${shown}`)
  }
  flush()
  return lines.join('\n')
}

function laid(unit: Unit, set: Attributes): Unit {
  if (set.length === 0) return unit
  const attributes = new Map(unit.attributes)
  for (const [name, value] of set) {
    if (value === null) attributes.delete(name)
    else attributes.set(name, value)
  }
  return { what: unit.what, attributes }
}

function entry<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new Error(`the operation refers to entry ${index} of ${list.length}`)
  return value
}

function charAt(text: string, at: number): string {
  if (at >= text.length) throw new Error(`the operation inserts more than its ${text.length} units of text`)
  return text.charAt(at)
}
