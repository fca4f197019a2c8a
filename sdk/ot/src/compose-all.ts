import { compose } from './compose.ts'
import { foldPlain } from './fold-plain.ts'
import type { Operation } from './operation.ts'
import { isPlain } from './plain.ts'

/** Below this many operations, setting up a fold costs more than composing in pairs. */
const FOLD_FROM = 8

/** Above this many components, finding places in one fold costs more than composing two. */
const FOLD_TO = 40_000

/**
 * All operations of a list in order as one. Neighbours are composed in pairs, then the pairs: a fold from the left would
 * walk the growing result once per operation. Stretches without attributes and embeds are folded as numbers, and their
 * text is put together once.
 *
 * Law: equals the fold of `compose` from the left. An empty list has no base length, hence no composition: RangeError.
 */
export function composeAll(operations: readonly Operation[]): Operation {
  if (operations.length === 0) throw new RangeError('cannot compose an empty list: there is no base length')
  const parts = foldStretches(operations)
  return composeBetween(parts, 0, parts.length)
}

function composeBetween(operations: readonly Operation[], from: number, to: number): Operation {
  if (to - from === 1) return operations[from]!
  const middle = (from + to) >>> 1
  return compose(composeBetween(operations, from, middle), composeBetween(operations, middle, to))
}

/** The list with each long stretch of plain operations as one. */
function foldStretches(operations: readonly Operation[]): Operation[] {
  const parts: Operation[] = []
  for (let from = 0, to = 0; from < operations.length; from = to) {
    to = endOfStretch(operations, from)
    if (to - from >= FOLD_FROM) parts.push(foldPlain(operations.slice(from, to)))
    else parts.push(...operations.slice(from, (to = Math.max(to, from + 1))))
  }
  return parts
}

function endOfStretch(operations: readonly Operation[], from: number): number {
  let to = from
  for (let size = 0; to < operations.length && size < FOLD_TO && isPlain(operations[to]!); to++) size += operations[to]!.components.length
  return to
}
