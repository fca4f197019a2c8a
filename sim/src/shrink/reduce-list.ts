/** What is left when `kept` alone is tried: `kept` or less of it; undefined when all of the list is needed. */
export type Attempt<T> = (kept: readonly T[]) => Promise<readonly T[] | undefined>

/**
 * Leaves out as much of a list as can be: everything, halves, quarters, down to single ones, from the end, until no
 * single one can go (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, complements only).
 */
export async function reduceList<T>(items: readonly T[], attempt: Attempt<T>, isSpent: () => boolean): Promise<readonly T[]> {
  let kept = items
  for (let size = kept.length; size >= 1; ) {
    const before = kept.length
    for (let end = kept.length; end > 0 && !isSpent(); end = Math.min(end - size, kept.length)) {
      const left = await attempt([...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)])
      if (left !== undefined) kept = left
    }
    if (isSpent() || (size === 1 && kept.length === before)) break
    size = Math.max(1, Math.min(Math.ceil(size / 2), kept.length))
  }
  return kept
}

/** Where single ones are all needed, two together may not be: an edit and the edit that takes it back. */
export async function reducePairs<T>(items: readonly T[], attempt: Attempt<T>, isSpent: () => boolean): Promise<readonly T[]> {
  let kept = items
  for (let later = kept.length - 1; later > 0; later -= 1) {
    for (let earlier = Math.min(later, kept.length) - 1; earlier >= 0 && !isSpent(); earlier -= 1) {
      const left = await attempt(kept.filter((_, index) => index !== later && index !== earlier))
      if (left === undefined) continue
      kept = left
      later = Math.min(later, kept.length)
      break
    }
  }
  return kept
}
