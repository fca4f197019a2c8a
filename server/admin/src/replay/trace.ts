import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CommandError, EXIT, usageError } from '../command/exit.ts'
import { Seeded } from './seeded.ts'

/** One keystroke or paste of a recorded history, in UTF-16 units. */
export interface Edit {
  readonly position: number
  readonly deleted: number
  readonly inserted: string
  /** Units of the recorded text before the edit, to which `position` is relative. */
  readonly length: number
}

export interface Trace {
  readonly name: string
  readonly edits: readonly Edit[]
  readonly endContent: string
}

/** The published form of the histories at josephg/editing-traces; positions count code points. */
interface Recorded {
  readonly startContent: string
  readonly endContent: string
  readonly txns: readonly { readonly patches: readonly (readonly [position: number, deleted: number, inserted: string])[] }[]
}

/**
 * Reads a trace: a file (`.json` or `.json.gz`), the name of one in the folder of traces, or `small`, which is made
 * here from a seed.
 */
export async function loadTrace(name: string, folder: string, seed: number): Promise<Trace> {
  if (name === 'small') return makeTrace(seed, 2_000)
  const path = /[/\\]|\.json(\.gz)?$/.test(name) ? name : join(folder, `${name}.json.gz`)
  const bytes = await readFile(path).catch(() => {
    throw usageError(`no trace at ${path}: name a file, one of the folder in CONCORD_TRACES, or \`small\``)
  })
  return traceOf(name, parse(path, bytes))
}

function parse(path: string, bytes: Buffer): Recorded {
  try {
    const recorded = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as Recorded
    if (typeof recorded.endContent === 'string' && Array.isArray(recorded.txns)) return recorded
  } catch {
    // Falls through to the sentence below, which says what was expected.
  }
  throw new CommandError(EXIT.usage, `${path} is not an editing trace: {startContent, endContent, txns: [{patches: [[position, deleted, inserted]]}]}`)
}

/** @throws CommandError when the trace does not lead to the text it names */
export function traceOf(name: string, { startContent, endContent, txns }: Recorded): Trace {
  const text = new RecordedText()
  const edits: Edit[] = startContent === '' ? [] : [text.edit(0, 0, startContent)]
  for (const { patches } of txns) for (const [position, deleted, inserted] of patches) edits.push(text.edit(position, deleted, inserted))
  return { name, edits, endContent }
}

/** Follows a recorded text, to turn code points into units. Until a character outside the basic plane turns up, they are the same. */
class RecordedText {
  #length = 0
  #points: string[] | undefined
  readonly #before: Edit[] = []

  edit(position: number, deleted: number, inserted: string): Edit {
    if (this.#points === undefined && /[\u{10000}-\u{10ffff}]/u.test(inserted)) this.#points = this.#rebuild()
    const at = this.#points === undefined ? position : units(this.#points.slice(0, position))
    const removed = this.#points === undefined ? deleted : units(this.#points.splice(position, deleted, ...inserted))
    const edit = { position: at, deleted: removed, inserted, length: this.#length }
    this.#length += inserted.length - removed
    if (this.#points === undefined) this.#before.push(edit)
    return edit
  }

  #rebuild(): string[] {
    const points: string[] = []
    for (const { position, deleted, inserted } of this.#before) points.splice(position, deleted, ...inserted)
    return points
  }
}

function units(points: readonly string[]): number {
  return points.reduce((sum, point) => sum + point.length, 0)
}

const WORDS = 'a log keeps every edit in order while many people write one text and nobody waits for the network or loses a word'.split(' ')

/** Somebody types words, letter by letter, goes back, corrects, and now and then pastes a line. */
export function makeTrace(seed: number, count: number): Trace {
  const random = new Seeded(seed)
  const edits: Edit[] = []
  let text = ''
  let cursor = 0
  const edit = (position: number, deleted: number, inserted: string): void => {
    edits.push({ position, deleted, inserted, length: text.length })
    text = text.slice(0, position) + inserted + text.slice(position + deleted)
    cursor = position + inserted.length
  }
  while (edits.length < count) {
    const choice = random.below(20)
    if (choice === 0) cursor = random.below(text.length + 1)
    if (choice === 1) edit(cursor, 0, `${WORDS.slice(random.below(WORDS.length)).join(' ')}\n`)
    else if (choice <= 4 && cursor > 0) edit(cursor - 1, 1, '')
    else for (const letter of `${WORDS[random.below(WORDS.length)]} `) edit(cursor, 0, letter)
  }
  return { name: `small (seed ${seed})`, edits, endContent: text }
}
