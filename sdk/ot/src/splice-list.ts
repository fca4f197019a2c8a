import { DELETE, INSERT, RETAIN } from './component.ts'

/** Components per chunk, at most: finding and shifting within a chunk costs about as much as finding the chunk. */
const CHUNK = 64

/** Neighbouring components, two numbers each: the component, and for an insert where its text begins. */
interface Chunk {
  readonly pairs: number[]
  /** Units that its components leave in the document. */
  length: number
}

/**
 * A composition that changes are spliced into one after the other: components in chunks, found by their place in the
 * document so far, starting from the last place, because edits come in runs. Inserts are intervals of the text of all
 * changes, so no text is touched. What it holds is not canonical (deletes may stand before inserts): the writer sees to that.
 */
export class SpliceList {
  private readonly chunks: Chunk[]
  private readonly text: string
  private index = 0
  private start = 0

  constructor(baseLength: number, text: string) {
    this.text = text
    this.chunks = [{ pairs: [baseLength * 4 + RETAIN, 0], length: baseLength }]
  }

  /** Inserts `length` units, the text at `textAt`, at a place of the document so far. */
  insert(place: number, length: number, textAt: number): void {
    const chunk = this.seek(place)
    const { pairs } = chunk
    let cut = place - this.start
    let k = 0
    let size = kept(pairs[0]!)
    while (size < cut) {
      cut -= size
      size = kept(pairs[(k += 2)]!)
    }
    chunk.length += length
    if (cut === size && cut > 0) this.insertBehind(chunk, k, length, textAt)
    else if (cut === 0) splice(pairs, k, length * 4 + INSERT, textAt)
    else {
      this.splitAt(chunk, k, cut)
      splice(pairs, k + 2, length * 4 + INSERT, textAt)
    }
    if (pairs.length > CHUNK * 2) this.halve()
  }

  /** Removes `length` units at a place of the document so far. */
  delete(place: number, length: number): void {
    for (let left = length; left > 0; ) left -= this.deleteSome(place, left)
  }

  /** Calls back for each component, in order. */
  each(visit: (value: number, textAt: number) => void): void {
    for (const { pairs } of this.chunks) for (let k = 0; k < pairs.length; k += 2) visit(pairs[k]!, pairs[k + 1]!)
  }

  /** Removes what one component has of the stretch; returns how much that is. */
  private deleteSome(place: number, length: number): number {
    const chunk = this.seek(place + 1)
    const { pairs } = chunk
    let cut = place - this.start
    let k = 0
    let size = kept(pairs[0]!)
    while (size <= cut) {
      cut -= size
      size = kept(pairs[(k += 2)]!)
    }
    if (cut > 0) {
      this.splitAt(chunk, k, cut)
      k += 2
    }
    const part = Math.min(size - cut, length)
    if (part < size - cut) this.splitAt(chunk, k, part)
    if ((pairs[k]! & 3) === INSERT) remove(pairs, k)
    else toDelete(pairs, k, part)
    chunk.length -= part
    if (pairs.length > CHUNK * 2) this.halve()
    return part
  }

  /** The first chunk that reaches up to `place` or beyond. */
  private seek(place: number): Chunk {
    while (place <= this.start && this.index > 0) this.start -= this.chunks[--this.index]!.length
    while (this.start + this.chunks[this.index]!.length < place) {
      this.start += this.chunks[this.index++]!.length
      if (this.index === this.chunks.length) throw new RangeError('cannot compose: an operation reaches beyond its base length')
    }
    return this.chunks[this.index]!
  }

  private insertBehind({ pairs }: Chunk, k: number, length: number, textAt: number): void {
    const value = pairs[k]!
    if ((value & 3) === INSERT && pairs[k + 1]! + (value >>> 2) === textAt) pairs[k] = value + length * 4
    else splice(pairs, k + 2, length * 4 + INSERT, textAt)
  }

  /** Cuts component `k` behind its first `length` units. */
  private splitAt({ pairs }: Chunk, k: number, length: number): void {
    const value = pairs[k]!
    const textAt = pairs[k + 1]!
    if ((value & 3) === INSERT) this.refuseCut(textAt + length)
    splice(pairs, k + 2, value - length * 4, textAt + length)
    pairs[k] = length * 4 + (value & 3)
  }

  private refuseCut(at: number): void {
    const before = this.text.charCodeAt(at - 1)
    if (before >= 0xd800 && before <= 0xdbff) throw new RangeError('cannot compose: an operation cuts a surrogate pair that an earlier one inserts')
  }

  private halve(): void {
    const chunk = this.chunks[this.index]!
    const tail = chunk.pairs.splice(CHUNK)
    let length = 0
    for (let k = 0; k < tail.length; k += 2) length += kept(tail[k]!)
    chunk.length -= length
    this.chunks.splice(this.index + 1, 0, { pairs: tail, length })
  }
}

/** Units that a component leaves in the document. */
function kept(value: number): number {
  return (value & 3) === DELETE ? 0 : value >>> 2
}

/** A retained stretch becomes a delete, one with the delete before it. */
function toDelete(pairs: number[], k: number, length: number): void {
  if (k > 0 && (pairs[k - 2]! & 3) === DELETE) {
    pairs[k - 2]! += length * 4
    remove(pairs, k)
  } else pairs[k] = length * 4 + DELETE
}

/** Puts a pair at `k`: for so short an array, faster than `Array.prototype.splice`. */
function splice(pairs: number[], k: number, value: number, textAt: number): void {
  const { length } = pairs
  pairs.push(0, 0)
  for (let i = length - 1; i >= k; i--) pairs[i + 2] = pairs[i]!
  pairs[k] = value
  pairs[k + 1] = textAt
}

function remove(pairs: number[], k: number): void {
  for (let i = k + 2; i < pairs.length; i++) pairs[i - 2] = pairs[i]!
  pairs.length -= 2
}
