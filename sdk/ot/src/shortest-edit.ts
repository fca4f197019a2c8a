/** Equal stretches of two sequences: `length` entries at `a` in the first are those at `b` in the second. */
export interface Match {
  readonly a: number
  readonly b: number
  readonly length: number
}

/** Work a diff may still do, counted in steps of the inner loop and shared by all its parts. */
export interface Budget {
  steps: number
}

/** More differences than this are a rewrite, and a script of them would be no use to a reader. Memory grows with its square: 16 MB here. */
const MAX_DIFFERENCES = 2_000

/**
 * The matches of a shortest edit script, ascending, or undefined when the script or the budget gets too large.
 * Source: E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), the greedy form with its trace kept.
 */
export function shortestEdit(a: readonly number[], b: readonly number[], budget: Budget): Match[] | undefined {
  const trace: Int32Array[] = []
  const most = Math.min(a.length + b.length, MAX_DIFFERENCES)
  let reach = new Int32Array([0, 0, 0])
  for (let d = 0; d <= most; d++) {
    const next = new Int32Array(2 * d + 3)
    trace.push(next)
    for (let k = -d; k <= d; k += 2) {
      const start = furthest(reach, d, k)
      const end = slide(a, b, start, k)
      next[k + d + 1] = end
      budget.steps -= end - start + 1
      if (end >= a.length && end - k >= b.length) return readBack(a, b, trace)
    }
    if (budget.steps < 0) return undefined
    reach = next
  }
  return undefined
}

/** Where diagonal `k` begins with `d` differences: below or right of the better neighbour. `reach` is offset by `d`. */
function furthest(reach: Int32Array, d: number, k: number): number {
  if (d === 0) return 0
  return goesDown(reach, d, k) ? reach[k + 1 + d]! : reach[k - 1 + d]! + 1
}

function goesDown(reach: Int32Array, d: number, k: number): boolean {
  return k === -d || (k !== d && reach[k - 1 + d]! < reach[k + 1 + d]!)
}

function slide(a: readonly number[], b: readonly number[], start: number, k: number): number {
  let x = start
  while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
  return x
}

function readBack(a: readonly number[], b: readonly number[], trace: readonly Int32Array[]): Match[] {
  const matches: Match[] = []
  let x = a.length
  let y = b.length
  for (let d = trace.length - 1; d >= 0; d--) {
    const k = x - y
    const reach = d === 0 ? undefined : trace[d - 1]!
    const start = reach === undefined ? 0 : furthest(reach, d, k)
    if (x > start) matches.push({ a: start, b: start - k, length: x - start })
    if (reach === undefined) break
    const down = goesDown(reach, d, k)
    x = down ? start : start - 1
    y = x - (down ? k + 1 : k - 1)
  }
  return matches.reverse()
}
