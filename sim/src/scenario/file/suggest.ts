/** The known name that a wrong one was probably meant to be; undefined when none is near. */
export function suggest(wrong: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  // A third of the letters may be wrong, and at least two.
  let least = Math.max(2, Math.floor(wrong.length / 3)) + 1
  for (const name of known) {
    const distance = editDistance(wrong.toLowerCase(), name.toLowerCase())
    if (distance < least) [best, least] = [name, distance]
  }
  return best
}

/** `. Did you mean "x"?`, or nothing. */
export function didYouMean(wrong: string, known: Iterable<string>): string {
  const name = suggest(wrong, known)
  return name === undefined ? '' : `. Did you mean "${name}"?`
}

/** Letters to insert, take away, exchange or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const exchanged = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity
      row.push(Math.min(row[j - 1]! + 1, last[j]! + 1, exchanged, swapped))
    }
    before = last
    last = row
  }
  return last[b.length]!
}
