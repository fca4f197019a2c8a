/** How fast something goes over time: a rate, and stretches in which it goes faster or slower by a factor. */
export class Pace {
  readonly #perMs: number
  /** Ascending; each factor holds from its time on. */
  readonly #changes: readonly { readonly at: number; readonly factor: number }[]

  constructor(perSecond: number, windows: readonly { readonly from: number; readonly to: number; readonly factor: number }[]) {
    this.#perMs = perSecond / 1_000
    const times = [...new Set([0, ...windows.flatMap(({ from, to }) => [from, to])])].filter((at) => at < Infinity).sort((a, b) => a - b)
    this.#changes = times.map((at) => ({ at, factor: windows.filter(({ from, to }) => from <= at && at < to).reduce((product, { factor }) => product * factor, 1) }))
  }

  /**
   * When `amount` more has happened, counted from `at`; Infinity when that is never. What lies before a change of pace
   * does not depend on it.
   */
  after(at: number, amount: number): number {
    let [now, left] = [at, amount]
    for (let i = this.#changes.findLastIndex((change) => change.at <= now); i < this.#changes.length; i += 1) {
      const perMs = this.#perMs * (this.#changes[i]?.factor ?? 1)
      const end = this.#changes[i + 1]?.at ?? Infinity
      const reached = perMs === 0 ? Infinity : now + left / perMs
      if (reached <= end) return reached
      left -= perMs * (end - now)
      now = end
    }
    return Infinity
  }
}
