import type { ScalingPoint } from '../calibration.ts'

/**
 * The Universal Scalability Law (Gunther): X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)). `sigma`: share of the
 * work that waits for others; `kappa`: what everybody has to settle with everybody.
 */
export interface Usl {
  readonly lambda: number
  readonly sigma: number
  readonly kappa: number
}

export function uslThroughput({ lambda, sigma, kappa }: Usl, n: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1))
}

/** Concurrency with the highest throughput; infinite without `kappa`. */
export function uslPeak({ sigma, kappa }: Usl): number {
  return kappa <= 0 ? Infinity : Math.sqrt(Math.max(0, 1 - sigma) / kappa)
}

/**
 * Least squares on n / X(n) = (1 + sigma (n - 1) + kappa n (n - 1)) / lambda, which is linear in 1/lambda, sigma/lambda and
 * kappa/lambda; each residual is weighed by X/n, so that errors count by their share. Negative coefficients are left out
 * and the rest is fitted again: nothing here gets faster than linear but by noise.
 */
export function fitUsl(points: readonly ScalingPoint[]): Usl {
  const terms: readonly ((n: number) => number)[] = [() => 1, (n) => n - 1, (n) => n * (n - 1)]
  let kept = [0, 1, 2]
  for (;;) {
    const solved = leastSquares(points.map(({ concurrency: n, perSecond }) => kept.map((term) => ((terms[term] as (n: number) => number)(n) * perSecond) / n)))
    const worst = kept.map((term, index) => ({ term, value: solved[index] ?? 0 })).filter(({ term, value }) => term > 0 && value < 0)[0]
    if (worst === undefined) {
      const of = (term: number): number => solved[kept.indexOf(term)] ?? 0
      return { lambda: 1 / of(0), sigma: of(1) / of(0), kappa: of(2) / of(0) }
    }
    kept = kept.filter((term) => term !== worst.term)
  }
}

/** Solves rows * x = 1 in the sense of least squares, by the normal equations. */
function leastSquares(rows: readonly (readonly number[])[]): number[] {
  const size = rows[0]?.length ?? 0
  const matrix = Array.from({ length: size }, (_, i) => [...Array.from({ length: size }, (_, j) => sum(rows, (row) => (row[i] ?? 0) * (row[j] ?? 0))), sum(rows, (row) => row[i] ?? 0)])
  for (let pivot = 0; pivot < size; pivot++) {
    const best = matrix.slice(pivot).reduce((found, row, index) => (Math.abs(row[pivot] ?? 0) > Math.abs(matrix[found]?.[pivot] ?? 0) ? pivot + index : found), pivot)
    const [upper, lower] = [matrix[best] as number[], matrix[pivot] as number[]]
    matrix[pivot] = upper
    if (best !== pivot) matrix[best] = lower
    for (const [index, row] of matrix.entries()) {
      if (index === pivot) continue
      const factor = (row[pivot] ?? 0) / (upper[pivot] ?? 1)
      for (let column = pivot; column <= size; column++) row[column] = (row[column] ?? 0) - factor * (upper[column] ?? 0)
    }
  }
  return matrix.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1))
}

function sum<T>(list: readonly T[], of: (item: T) => number): number {
  return list.reduce((total, item) => total + of(item), 0)
}
