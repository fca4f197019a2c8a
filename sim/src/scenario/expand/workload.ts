/** Editors per document in the default workload (source document 001, lines 484 to 490): quantile and number. */
const EDITORS_PER_DOCUMENT: readonly (readonly [number, number])[] = [
  [0.5, 1],
  [0.9, 3],
  [0.99, 10],
  [0.999, 50],
  [1, 100],
]

/**
 * How many editors a document has, for an evenly drawn `u` of [0, 1). Between two quantiles the number grows
 * geometrically, which is how such distributions look on paper.
 */
export function editorsOfDocument(u: number): number {
  let [fromShare, fromCount] = [0.5, 1]
  for (const [share, count] of EDITORS_PER_DOCUMENT) {
    if (u <= share) return share === fromShare ? count : Math.round(fromCount * (count / fromCount) ** ((u - fromShare) / (share - fromShare)))
    ;[fromShare, fromCount] = [share, count]
  }
  return fromCount
}
