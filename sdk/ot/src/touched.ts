import { ComponentCursor } from './component-cursor.ts'
import { DELETE } from './component.ts'
import type { Operation } from './operation.ts'
import type { Range } from './position.ts'

/**
 * What an operation touches, in positions of its base, ascending: deleted units and units whose attributes change as
 * ranges, inserts as empty ranges. Ranges that meet are one; an insert at the edge of a range is part of it.
 */
export function touchedRanges(operation: Operation): Range[] {
  const ranges: Range[] = []
  const cursor = new ComponentCursor(operation)
  for (let at = 0; !cursor.done; cursor.take(cursor.left)) {
    const length = cursor.inserts ? 0 : cursor.left
    if (cursor.inserts || cursor.tag === DELETE || cursor.set.length > 0) addRange(ranges, at, at + length)
    at += length
  }
  return ranges
}

/**
 * What two concurrent operations both touched, in positions of their common base: what an application shows as merged.
 * Two ranges overlap when they share a unit; an empty one also when it lies inside the other or equals it.
 */
export function overlap(a: Operation, b: Operation): Range[] {
  const [left, right] = [touchedRanges(a), touchedRanges(b)]
  const shared: Range[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [x, y] = [left[i]!, right[j]!]
    if (meet(x, y)) addRange(shared, Math.max(x.from, y.from), Math.min(x.to, y.to))
    if (x.to <= y.to) i++
    else j++
  }
  return shared
}

function meet(x: Range, y: Range): boolean {
  if (x.from === y.from && x.to === y.to) return true
  const from = Math.max(x.from, y.from)
  const to = Math.min(x.to, y.to)
  return from < to || (from === to && isInside(from, x) && isInside(from, y))
}

/** An empty range is all there is at its place; a longer one has an inside. */
function isInside(position: number, range: Range): boolean {
  return range.from === range.to ? position === range.from : range.from < position && position < range.to
}

function addRange(ranges: Range[], from: number, to: number): void {
  const last = ranges.at(-1)
  if (last !== undefined && last.to >= from) ranges[ranges.length - 1] = { from: last.from, to: Math.max(last.to, to) }
  else ranges.push({ from, to })
}
