import { NO_ATTRIBUTES } from './attributes.ts'
import { DELETE, INSERT, RETAIN } from './component.ts'
import type { Operation, TieKey } from './operation.ts'
import { OperationWriter } from './operation-writer.ts'
import { SpliceList } from './splice-list.ts'
import { equalKeys, LOWEST_KEY } from './tie-key.ts'

/**
 * Composes a list of plain operations by splicing each into what the ones before it made. An insert is an interval of the
 * text of all operations, so no text is touched before the end.
 */
export function foldPlain(operations: readonly Operation[]): Operation {
  let text = ''
  for (const operation of operations) text += operation.text
  const { baseLength } = operations[0]!
  const list = new SpliceList(baseLength, text)
  const authors: Authors = { ends: [], keys: [] }
  let textAt = 0
  let length = baseLength
  for (const operation of operations) {
    if (operation.baseLength !== length) throw new RangeError(`cannot compose: one operation leaves ${length} units, the next one expects ${operation.baseLength}`)
    const textEnd = textAt + operation.text.length
    if (textEnd > textAt) addAuthor(authors, operation.keys[0] ?? LOWEST_KEY, textEnd)
    length += spliceInto(list, operation.components, textAt)
    textAt = textEnd
  }
  return build(list, baseLength, text, authors)
}

/** Returns by how many units the document grows. */
function spliceInto(list: SpliceList, components: readonly number[], textFrom: number): number {
  let textAt = textFrom
  let place = 0
  let growth = 0
  for (const value of components) {
    const length = value >>> 2
    if ((value & 3) === DELETE) {
      list.delete(place, length)
      growth -= length
      continue
    }
    if ((value & 3) === INSERT) {
      list.insert(place, length, textAt)
      textAt += length
      growth += length
    }
    place += length
  }
  return growth
}

/** Who wrote which part of the text: the operation that ends at `ends[i]` (ascending) has key `keys[i]`. */
interface Authors {
  readonly ends: number[]
  readonly keys: TieKey[]
}

function addAuthor({ ends, keys }: Authors, key: TieKey, end: number): void {
  if (keys.length > 0 && equalKeys(keys[keys.length - 1]!, key)) ends[ends.length - 1] = end
  else {
    ends.push(end)
    keys.push(key)
  }
}

function build(list: SpliceList, baseLength: number, text: string, authors: Authors): Operation {
  const out = new OperationWriter()
  list.each((value, textAt) => {
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
