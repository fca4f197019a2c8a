import type { Attributes, Embed, Operation } from '@concord/ot'

/** A run of text is joined to its neighbour up to this many units, so that cutting one costs little and 100 KB are some two hundred runs. */
const JOINED = 512

/**
 * A document recomputed from its log by code that shares nothing with the server: runs of equal attributes in a list that
 * every operation copies from left to right, no rope, no compose. Obvious on purpose; every replica is held against it. It
 * reads the packed form as `operation.proto` words it.
 */
export class Fold {
  #runs: Run[] = []
  #length = 0

  /** A document whose units nobody knows, numbered: what two ways from here to there do to it can be compared. */
  static unknown(length: number): Fold {
    const fold = new Fold()
    if (length > 0) fold.#runs.push({ what: { from: 0 }, length, attributes: NONE })
    fold.#length = length
    return fold
  }

  get length(): number {
    return this.#length
  }

  /** Throws when the operation does not fit: then the log is not a history of this document, and the fold is of no use any more. */
  apply(operation: Operation): void {
    if (operation.baseLength !== this.#length) throw new Error(`the fold has ${this.#length} units, the operation names ${operation.baseLength}`)
    const before = new Reading(this.#runs)
    const after = new Writing()
    let textAt = 0
    let set: Attributes = []
    /** What an inserted unit carries: the current set. */
    let fresh: Run['attributes'] = NONE
    for (const number of operation.components) {
      const size = Math.floor(number / 4)
      switch (number % 4) {
        case 0:
          for (const run of before.take(size)) after.put(set.length === 0 ? run : laid(run, set))
          break
        case 1:
          after.put({ what: textOf(operation, textAt, size), length: size, attributes: fresh })
          textAt += size
          break
        case 2:
          before.take(size)
          break
        default:
          if (size % 4 === 0) set = size === 0 ? [] : entry(operation.attributes, size / 4 - 1)
          if (size % 4 === 0) fresh = set.length === 0 ? NONE : new Map(set.filter(([, value]) => value !== null))
          if (size % 4 === 1) after.put({ what: { embed: entry(operation.embeds, (size - 1) / 4) }, length: 1, attributes: fresh })
      }
    }
    if (textAt !== operation.text.length) throw new Error(`the operation brings ${operation.text.length} units of text and inserts ${textAt}`)
    // What no component speaks of is kept.
    for (const run of before.take(before.left)) after.put(run)
    this.#runs = after.runs
    this.#length = this.#runs.reduce((sum, { length }) => sum + length, 0)
  }

  /** The text alone; an embed is U+FFFC. */
  text(): string {
    return this.#runs.map(({ what, length }) => (typeof what === 'string' ? what : '\ufffc'.repeat(length))).join('')
  }

  /** Canonical text of the content from one unit to another, attributes and embeds included: equal exactly when the contents are. */
  render(from = 0, to = this.#length): string {
    const reading = new Reading(this.#runs)
    reading.take(from)
    return renderRuns(reading.take(to - from).map(shownOf))
  }
}

/** Units of one kind that carry the same. */
interface Run {
  /** Text, an embed, or units that nobody knows, by the number of the first. */
  readonly what: string | { readonly embed: Embed } | { readonly from: number }
  readonly length: number
  /** Null stays on units that nobody knows: it takes away what may be there. */
  readonly attributes: ReadonlyMap<string, string | number | boolean | null>
}

const NONE: Run['attributes'] = new Map()

/** Runs from left to right, cut where somebody stops. */
class Reading {
  readonly #runs: readonly Run[]
  #next = 0
  /** What is left of a run that was cut. */
  #rest: Run | undefined

  constructor(runs: readonly Run[]) {
    this.#runs = runs
  }

  /** Units that were not taken. */
  get left(): number {
    let left = this.#rest?.length ?? 0
    for (let at = this.#next; at < this.#runs.length; at += 1) left += this.#runs[at]!.length
    return left
  }

  /** The next `count` units. */
  take(count: number): Run[] {
    const taken: Run[] = []
    for (let left = count; left > 0; ) {
      const run = this.#rest ?? entry(this.#runs, this.#next++)
      this.#rest = run.length > left ? part(run, left, run.length) : undefined
      taken.push(run.length > left ? part(run, 0, left) : run)
      left -= run.length
    }
    return taken
  }
}

/** Runs in the making; text that carries the same grows together. */
class Writing {
  readonly runs: Run[] = []

  put(run: Run): void {
    const last = this.runs.at(-1)
    const isOne = last !== undefined && typeof last.what === 'string' && typeof run.what === 'string' && isSame(last.attributes, run.attributes) && last.length + run.length <= JOINED
    if (isOne) this.runs[this.runs.length - 1] = { what: `${last.what}${run.what}`, length: last.length + run.length, attributes: run.attributes }
    else if (run.length > 0) this.runs.push(run)
  }
}

function isSame(one: Run['attributes'], other: Run['attributes']): boolean {
  return one === other || (one.size === other.size && [...one].every(([name, value]) => other.get(name) === value))
}

function part({ what, attributes }: Run, from: number, to: number): Run {
  const length = to - from
  if (typeof what === 'string') return { what: what.slice(from, to), length, attributes }
  return { what: 'from' in what ? { from: what.from + from } : what, length, attributes }
}

function textOf({ text }: Operation, from: number, count: number): string {
  if (from + count > text.length) throw new Error(`the operation inserts more than its ${text.length} units of text`)
  return text.slice(from, from + count)
}

/** As {@link renderRuns} takes them. */
function shownOf({ what, length, attributes }: Run): Shown {
  const sorted = attributes.size === 0 ? [] : [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))
  if (typeof what === 'string') return { insert: what, attributes: sorted }
  return { insert: 'embed' in what ? what.embed : { from: what.from, to: what.from + length }, attributes: sorted }
}

/** A run as it is compared: text, an embed, or numbers of units that nobody knows, up to one below `to`. */
interface Shown {
  readonly insert: string | Embed | { readonly from: number; readonly to: number }
  readonly attributes: Attributes
}

/** The same canonical text for a replica's runs, so that the two can be compared. */
export function renderRuns(runs: Iterable<Shown>): string {
  const lines: string[] = []
  let open = ''
  let text = ''
  let unknown: { from: number; to: number } | undefined
  const flush = () => {
    if (text !== '') lines.push(`${JSON.stringify(text)}${open}`)
    if (unknown !== undefined) lines.push(`#${unknown.from} to ${unknown.to}${open}`)
    text = ''
    unknown = undefined
  }
  for (const { insert, attributes } of runs) {
    const shown = attributes.length === 0 ? '' : ` ${JSON.stringify(attributes)}`
    const isText = typeof insert === 'string'
    const isNext = !isText && 'from' in insert && unknown?.to === insert.from
    if (shown !== open || (isText ? unknown !== undefined : !isNext)) flush()
    open = shown
    if (isText) text += insert
    else if ('from' in insert) unknown = { from: unknown?.from ?? insert.from, to: insert.to }
    else lines.push(`<${insert.type} ${insert.data}>${shown}`)
  }
  flush()
  return lines.join('\n')
}

function laid(run: Run, set: Attributes): Run {
  const attributes = new Map(run.attributes)
  for (const [name, value] of set) {
    if (value === null && !(typeof run.what === 'object' && 'from' in run.what)) attributes.delete(name)
    else attributes.set(name, value)
  }
  return { ...run, attributes: attributes.size === 0 ? NONE : attributes }
}

function entry<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new Error(`the operation refers to entry ${index} of ${list.length}`)
  return value
}
