import { DELETE, INSERT, RETAIN } from './component.ts'

/**
 * Operations one behind the other in one buffer: each component as its number and, for an insert, where its text begins
 * in the text of all. Reads as unsigned what the array stores as signed.
 */
export class Segments {
  /** How many operations there are. */
  count = 0
  private readonly values: Int32Array
  private readonly texts: Int32Array
  private readonly ends: Int32Array
  private readonly text: string
  private length = 0
  private start = 0
  private waitingDelete = 0

  /** @param capacity components, one more per operation: where two are composed, the longest result is one longer. */
  constructor(capacity: number, text: string) {
    this.values = new Int32Array(capacity)
    this.texts = new Int32Array(capacity)
    this.ends = new Int32Array(capacity)
    this.text = text
  }

  append(value: number, textAt: number): void {
    this.values[this.length] = value
    this.texts[this.length++] = textAt
  }

  endSegment(): void {
    this.ends[this.count++] = this.length
    this.start = this.length
  }

  /** Calls back for each component of all operations, in order. */
  each(visit: (value: number, textAt: number) => void): void {
    for (let i = 0; i < this.length; i++) visit(this.values[i]! >>> 0, this.texts[i]!)
  }

  /** Becomes the operations of `from`, each two neighbours composed. */
  composePairs(from: Segments): void {
    this.count = this.length = this.start = 0
    for (let i = 0; i < from.count; i += 2) {
      const begin = i === 0 ? 0 : from.ends[i - 1]!
      if (i + 1 === from.count) this.copy(from, begin, from.ends[i]!)
      else this.compose(from, begin, from.ends[i]!, from.ends[i + 1]!)
      this.endSegment()
    }
  }

  private copy(from: Segments, begin: number, end: number): void {
    this.values.set(from.values.subarray(begin, end), this.length)
    this.texts.set(from.texts.subarray(begin, end), this.length)
    this.length += end - begin
  }

  /** Composes the operation in `begin..middle` with the one in `middle..end`. */
  private compose(from: Segments, begin: number, middle: number, end: number): void {
    const { values, texts } = from
    let [i, j] = [begin, middle]
    let [x, y] = [i < middle ? values[i]! : RETAIN, j < end ? values[j]! : RETAIN]
    let textAt = texts[begin]!
    while (i < middle || j < end) {
      if ((y & 3) === INSERT) {
        this.insert(y >>> 2, texts[j]!)
        y = ++j < end ? values[j]! : RETAIN
      } else if ((x & 3) === DELETE) {
        this.waitingDelete += x >>> 2
        x = ++i < middle ? values[i]! : RETAIN
        textAt = texts[i]!
      } else {
        const [left, right] = [i < middle ? x >>> 2 : MORE, j < end ? y >>> 2 : MORE]
        const length = left < right ? left : right
        this.step(x & 3, y & 3, length, textAt)
        textAt += length
        if (left === length) {
          x = ++i < middle ? values[i]! : RETAIN
          textAt = texts[i]!
        } else if (i < middle) x -= length << 2
        if (right === length) y = ++j < end ? values[j]! : RETAIN
        else if (j < end) y -= length << 2
      }
    }
    this.finish()
  }

  /** The first operation inserts or retains, the second one retains or deletes. */
  private step(first: number, second: number, length: number, textAt: number): void {
    if (first === INSERT) {
      this.refuseCut(textAt + length)
      if (second === RETAIN) this.insert(length, textAt)
    } else if (second === RETAIN) this.retain(length)
    else this.waitingDelete += length
  }

  private insert(length: number, textAt: number): void {
    const last = this.length - 1
    const value = this.values[last]!
    if (last >= this.start && (value & 3) === INSERT && this.texts[last]! + (value >>> 2) === textAt) this.values[last]! += length << 2
    else this.append((length << 2) | INSERT, textAt)
  }

  private retain(length: number): void {
    if (this.waitingDelete > 0) this.writeDelete()
    const last = this.length - 1
    if (last >= this.start && (this.values[last]! & 3) === RETAIN) this.values[last]! += length << 2
    else this.append((length << 2) | RETAIN, 0)
  }

  private writeDelete(): void {
    this.append((this.waitingDelete << 2) | DELETE, 0)
    this.waitingDelete = 0
  }

  private finish(): void {
    if (this.waitingDelete > 0) this.writeDelete()
    else if (this.length > this.start && (this.values[this.length - 1]! & 3) === RETAIN) this.length--
  }

  private refuseCut(at: number): void {
    const before = this.text.charCodeAt(at - 1)
    if (before >= 0xd800 && before <= 0xdbff) throw new RangeError('cannot compose: an operation cuts a surrogate pair that an earlier one inserts')
  }
}

/** Longer than any component. */
const MORE = 2 ** 31 - 1
