/** Points of a plot: about as many as its width shows. */
export const MOST_POINTS = 300

/** Points below which a plot with gaps is not made any coarser. */
const FEW_POINTS = 60

/** How the values of several steps become one. */
export type Merge = 'mean' | 'highest'

type Values = readonly (number | null)[]

/** How many steps one point of a plot stands for: enough for its width, and for lines instead of scattered points where little was measured. */
export function stepsPerPoint(lines: readonly Values[], merge: Merge): number {
  const steps = lines.reduce((most, { length }) => Math.max(most, length), 0)
  let each = Math.max(1, Math.ceil(steps / MOST_POINTS))
  while (steps / each > FEW_POINTS && lines.some((line) => isSparse(thinOut(line, each, merge), merge))) each += 1
  return each
}

/** More than one gap for every ten points: scattered points, not an outage. Of a rate, zeros are gaps too. */
function isSparse(values: Values, merge: Merge): boolean {
  const isThere = (value: number | null): boolean => value !== null && (value > 0 || merge === 'highest')
  const within = values.slice(values.findIndex(isThere), values.findLastIndex(isThere) + 1)
  const gaps = within.filter((value, index) => !isThere(value) && isThere(within[index - 1] ?? null)).length
  return gaps > within.length / 10
}

/** Merges each `each` values into one. What was not measured stays out; where nothing was, the point is null. */
export function thinOut(values: Values, each: number, merge: Merge): (number | null)[] {
  if (each <= 1) return [...values]
  return Array.from({ length: Math.ceil(values.length / each) }, (_, index) => {
    const measured = values.slice(index * each, (index + 1) * each).filter((value) => value !== null)
    if (measured.length === 0) return null
    return merge === 'highest' ? Math.max(...measured) : measured.reduce((a, b) => a + b, 0) / measured.length
  })
}
