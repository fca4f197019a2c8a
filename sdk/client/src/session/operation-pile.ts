import { compose, composeAll, type Operation } from '@concord/ot'

/**
 * Operations in a row, to be composed some day. Each push composes like a binary counter carries: only piles of equal
 * weight, so that n operations cost n log n steps in all, where composing each with everything before it would cost n².
 */
export class OperationPile {
  private piles: { readonly operation: Operation; readonly weight: number }[] = []

  get isEmpty(): boolean {
    return this.piles.length === 0
  }

  push(operation: Operation): void {
    let top = { operation, weight: 1 }
    for (let below = this.piles.at(-1); below !== undefined && below.weight === top.weight; below = this.piles.at(-1)) {
      this.piles.pop()
      top = { operation: compose(below.operation, top.operation), weight: 2 * top.weight }
    }
    this.piles.push(top)
  }

  /** All of them as one, and none left; undefined when there was none. */
  take(): Operation | undefined {
    if (this.piles.length === 0) return undefined
    const all = composeAll(this.piles.map((pile) => pile.operation))
    this.piles = []
    return all
  }
}
