import { DELETE, EMBED_KIND, RETAIN, TABLE } from './component.ts'
import type { Operation } from './operation.ts'

/** Which side of an insert at exactly its place a position stays on. */
export type Bias = 'left' | 'right'

/** A stretch of a document: from the gap before unit `from` to the gap before unit `to`. */
export interface Range {
  readonly from: number
  readonly to: number
}

/**
 * Where `position` (a gap: 0 is before the first unit) is after the operation. A position inside deleted units goes to
 * the place where they were, behind what was inserted there.
 *
 * Law: an insert at `position` that comes first (`left`) or last (`right`) among its ties is transformed to the same place.
 */
export function transformPosition(position: number, operation: Operation, bias: Bias): number {
  let at = 0
  let moved = position
  for (const value of operation.components) {
    if (at > position) return moved
    const length = value >>> 2
    const tag = value & 3
    if (tag === RETAIN) at += length
    else if (tag === DELETE) {
      moved -= Math.min(length, position - at)
      at += length
    } else if (at < position || bias === 'right') moved += tag === TABLE ? embedLength(length) : length
  }
  return moved
}

/**
 * Where many positions are after the operation, in one pass over both: `positions` in ascending order.
 * Law: each equals {@link transformPosition} of it.
 */
export function transformPositions(positions: readonly number[], operation: Operation, bias: Bias): number[] {
  const moved: number[] = []
  let at = 0
  let shift = 0
  const settle = (end: number, place: (position: number) => number): void => {
    while (moved.length < positions.length && positions[moved.length]! < end) moved.push(place(positions[moved.length]!))
  }
  for (const value of operation.components) {
    const length = value >>> 2
    const tag = value & 3
    if (tag === RETAIN || tag === DELETE) {
      const [start, offset] = [at, shift]
      settle(at + length, tag === RETAIN ? (position) => position + offset : () => start + offset)
      at += length
      if (tag === DELETE) shift -= length
    } else {
      const before = shift
      if (bias === 'left') settle(at + 1, (position) => position + before)
      shift += tag === TABLE ? embedLength(length) : length
    }
  }
  settle(Infinity, (position) => position + shift)
  return moved
}

/**
 * Where a range is after the operation: `inward` keeps inserts at its two ends outside, `outward` takes them in.
 * A range whose units are all deleted is empty, at the place where they were.
 */
export function transformRange(range: Range, operation: Operation, growth: 'inward' | 'outward' = 'inward'): Range {
  const [first, second]: [Bias, Bias] = growth === 'inward' ? ['right', 'left'] : ['left', 'right']
  const to = transformPosition(range.to, operation, second)
  return { from: Math.min(transformPosition(range.from, operation, first), to), to }
}

/** Units that a table component adds; `payload` is what stands above the tag. */
function embedLength(payload: number): number {
  return (payload & 3) === EMBED_KIND ? 1 : 0
}
