import type { Step } from 'prosemirror-transform'

/** A stretch of the document before some steps, and what it has become after them. ProseMirror positions. */
export interface Span {
  readonly fromA: number
  readonly toA: number
  readonly fromB: number
  readonly toB: number
}

/**
 * What a series of steps changed, as disjoint spans in ascending order, with the next step taken in. Outside of them the
 * two documents are equal, and the spans are as small as the steps: one letter typed into "aaaa" is the place that was
 * typed at, not any of five.
 */
export function addStep(spans: readonly Span[], step: Step): readonly Span[] {
  let result = spans
  let moved = false
  step.getMap().forEach((from, to, newFrom, newTo) => {
    // Ranges of one map count from the document before the step; those to the left have been taken in already.
    result = addChange(result, newFrom, newFrom + (to - from), newTo - newFrom)
    moved = true
  })
  if (!moved) for (const [from, to] of markedRanges(step)) result = addChange(result, from, to, to - from)
  return result
}

/** The stretch from `from` to `to`, in the document as it is, becomes `length` long. */
function addChange(spans: readonly Span[], from: number, to: number, length: number): readonly Span[] {
  const delta = length - (to - from)
  const before = spans.filter((span) => span.toB < from)
  const after = spans.filter((span) => span.fromB > to)
  const touched = spans.slice(before.length, spans.length - after.length)
  const first = touched[0]
  const last = touched[touched.length - 1]
  const previous = before[before.length - 1]
  const shift = previous === undefined ? 0 : previous.toA - previous.toB
  const fromB = first === undefined ? from : Math.min(from, first.fromB)
  const toB = last === undefined ? to : Math.max(to, last.toB)
  const merged = { fromA: fromB + shift, toA: toB + (last === undefined ? shift : last.toA - last.toB), fromB, toB: toB + delta }
  return [...before, merged, ...after.map((span) => ({ ...span, fromB: span.fromB + delta, toB: span.toB + delta }))]
}

/** Steps that move nothing: marks on a range, attributes of the node at a position. */
function markedRanges(step: Step): [number, number][] {
  const { from, to, pos } = step as unknown as { from?: number; to?: number; pos?: number }
  if (from !== undefined && to !== undefined) return [[from, to]]
  return pos === undefined ? [] : [[pos, pos + 1]]
}
