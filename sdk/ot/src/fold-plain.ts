import { NO_ATTRIBUTES } from './attributes.ts'
import { DELETE, INSERT, RETAIN } from './component.ts'
import { lengthAfter } from './measure.ts'
import type { Operation, TieKey } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { Segments } from './segments.ts'
import { equalKeys, LOWEST_KEY } from './tie-key.ts'

/**
 * Composes a list of plain operations in a balanced fold, as merge sort sorts: from one buffer into another and back. An
 * insert is an interval of the text of all operations, so no text is touched before the end.
 */
export function foldPlain(operations: readonly Operation[]): Operation {
  checkLengths(operations)
  const text = operations.map((operation) => operation.text).join('')
  const authors = authorsOf(operations)
  const capacity = operations.reduce((sum, operation) => sum + operation.components.length + 1, 0)
  let from = new Segments(capacity, text)
  let to = new Segments(capacity, text)
  load(from, operations)
  while (from.count > 1) {
    to.composePairs(from)
    ;[from, to] = [to, from]
  }
  return build(from, operations[0]!.baseLength, text, authors)
}

/** Who wrote which part of the text: the operation that ends at `ends[i]` (ascending) has key `keys[i]`. */
export interface Authors {
  readonly ends: readonly number[]
  readonly keys: readonly TieKey[]
}

function checkLengths(operations: readonly Operation[]): void {
  for (let i = 1; i < operations.length; i++) {
    const between = lengthAfter(operations[i - 1]!)
    const { baseLength } = operations[i]!
    if (between !== baseLength) throw new RangeError(`cannot compose: operation ${i - 1} leaves ${between} units, the next one expects ${baseLength}`)
  }
}

function authorsOf(operations: readonly Operation[]): Authors {
  const ends: number[] = []
  const keys: TieKey[] = []
  let end = 0
  for (const operation of operations) {
    if (operation.text === '') continue
    end += operation.text.length
    const key = operation.keys[0] ?? LOWEST_KEY
    if (keys.length > 0 && equalKeys(keys.at(-1)!, key)) ends[ends.length - 1] = end
    else {
      ends.push(end)
      keys.push(key)
    }
  }
  return { ends, keys }
}

function load(segments: Segments, operations: readonly Operation[]): void {
  let textAt = 0
  for (const { components } of operations) {
    for (const value of components) {
      segments.append(value, textAt)
      if ((value & 3) === INSERT) textAt += value >>> 2
    }
    segments.endSegment()
  }
}

function build(segments: Segments, baseLength: number, text: string, authors: Authors): Operation {
  const out = new OperationWriter()
  segments.each((value, textAt) => {
    const length = value >>> 2
    if ((value & 3) === RETAIN) out.retain(length, NO_ATTRIBUTES)
    else if ((value & 3) === DELETE) out.delete(length)
    else writeText(out, text, textAt, length, authors)
  })
  return out.finish(baseLength)
}

/** An interval of text may have several authors who typed on from each other. */
function writeText(out: OperationWriter, text: string, from: number, length: number, authors: Authors): void {
  for (let at = from, end = from + length, i = authorAt(authors, from); at < end; i++) {
    const next = Math.min(authors.ends[i]!, end)
    out.insert(text.slice(at, next), NO_ATTRIBUTES, authors.keys[i]!)
    at = next
  }
}

function authorAt({ ends }: Authors, position: number): number {
  let low = 0
  for (let high = ends.length - 1; low < high; ) {
    const middle = (low + high) >>> 1
    if (ends[middle]! > position) high = middle
    else low = middle + 1
  }
  return low
}
