/** Points of a plot: more than any screen shows. */
export const MOST_POINTS = 1200

/** How the values of several steps become one. */
export type Merge = 'mean' | 'highest' | 'sum'

/** How many steps one point of a plot stands for. */
export function stepsPerPoint(steps: number): number {
  return Math.max(1, Math.ceil(steps / MOST_POINTS))
}

/** Merges each `each` values into one. What was not measured stays out; where nothing was, the point is null. */
export function thinOut(values: readonly (number | null)[], each: number, merge: Merge): (number | null)[] {
  if (each === 1) return [...values]
  return Array.from({ length: Math.ceil(values.length / each) }, (_, index) => {
    const measured = values.slice(index * each, (index + 1) * each).filter((value) => value !== null)
    return measured.length === 0 ? null : merged(measured, merge)
  })
}

function merged(values: readonly number[], merge: Merge): number {
  if (merge === 'highest') return Math.max(...values)
  const sum = values.reduce((a, b) => a + b, 0)
  return merge === 'sum' ? sum : sum / values.length
}
