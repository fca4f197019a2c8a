import { DELETE, INSERT, RETAIN } from './component.ts'
import type { Operation, TieKey } from './operation.ts'
import { PlainWriter } from './plain-writer.ts'
import { isPlain } from './plain.ts'
import { equalKeys, LOWEST_KEY } from './tie-key.ts'

/** True when both operations are plain and their inserts have one key between them. */
export function composesPlainly(a: Operation, b: Operation): boolean {
  if (!isPlain(a) || !isPlain(b)) return false
  return a.text === '' || b.text === '' || a.keys === b.keys || equalKeys(a.keys[0] ?? LOWEST_KEY, b.keys[0] ?? LOWEST_KEY)
}

/** {@link compose} of two such operations: integers, and slices of text. */
export function composePlain(a: Operation, b: Operation): Operation {
  const out = new PlainWriter()
  const text = new TextComposer(a.text, b.text)
  const [first, second] = [a.components, b.components]
  let [i, j] = [0, 0]
  let [x, y] = [read(first, 0), read(second, 0)]
  while (i < first.length || j < second.length) {
    if ((y & 3) === INSERT) {
      out.insert(y >>> 2)
      text.takeSecond(y >>> 2)
      y = read(second, ++j)
    } else if ((x & 3) === DELETE) {
      out.delete(x >>> 2)
      x = read(first, ++i)
    } else {
      const length = Math.min(i < first.length ? x >>> 2 : Infinity, j < second.length ? y >>> 2 : Infinity)
      step(x & 3, y & 3, length, out, text)
      if (i < first.length) x = (x -= length * 4) >>> 2 === 0 ? read(first, ++i) : x
      if (j < second.length) y = (y -= length * 4) >>> 2 === 0 ? read(second, ++j) : y
    }
  }
  const composed = text.finish()
  return { baseLength: a.baseLength, components: out.finish(), text: composed, attributes: [], embeds: [], keys: keysOf(a, b, composed) }
}

/** The first operation inserts or retains, the second one retains or deletes. */
function step(first: number, second: number, length: number, out: PlainWriter, text: TextComposer): void {
  if (first === INSERT) {
    if (second === RETAIN) out.insert(length)
    text.takeFirst(length, second === RETAIN)
  } else if (second === RETAIN) out.retain(length)
  else out.delete(length)
}

function keysOf(a: Operation, b: Operation, text: string): readonly TieKey[] {
  if (text === '') return []
  return a.text === '' ? b.keys : a.keys
}

/** Past the end stands a retain; its length is not looked at. */
function read(components: readonly number[], index: number): number {
  return index < components.length ? components[index]! : RETAIN
}

/** Puts the text together, in pieces as long as they can be. */
class TextComposer {
  private readonly first: string
  private readonly second: string
  private text = ''
  private firstAt = 0
  private secondAt = 0

  constructor(first: string, second: string) {
    this.first = first
    this.second = second
  }

  takeFirst(length: number, kept: boolean): void {
    const end = this.firstAt + length
    if (cutsPair(this.first, end)) throw new RangeError('cannot compose: the second operation cuts a surrogate pair that the first one inserts')
    if (kept) this.text += this.first.slice(this.firstAt, end)
    this.firstAt = end
  }

  takeSecond(length: number): void {
    this.text += this.second.slice(this.secondAt, this.secondAt + length)
    this.secondAt += length
  }

  finish(): string {
    return this.text
  }
}

/** Inserted text is well-formed, so a high surrogate before a cut means that its other half is behind it. */
function cutsPair(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1)
  return before >= 0xd800 && before <= 0xdbff
}
