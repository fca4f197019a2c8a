import type { BranchStorage, StoredBranch } from '@concord/client'
import type { KeyedRandom } from '../kernel/keyed-random.ts'

/** Saves a device can be rolled back by, and one more. */
const KEPT = 9

/** What one actor's device keeps over crashes. Saving takes a while, and what was not saved when the device dies is gone. */
export class Device implements BranchStorage {
  readonly #later: (delayMs: number, run: () => void) => void
  readonly #random: KeyedRandom
  readonly #slowMs: number
  readonly #saved: StoredBranch[] = []
  #generation = 0

  constructor(later: (delayMs: number, run: () => void) => void, random: KeyedRandom, slowMs: number) {
    this.#later = later
    this.#random = random
    this.#slowMs = slowMs
  }

  /** Whether a save is done when it returns. */
  get isInstant(): boolean {
    return this.#slowMs === 0
  }

  get latest(): StoredBranch | undefined {
    return this.#saved.at(-1)
  }

  async claim(): Promise<StoredBranch | undefined> {
    const branch = this.latest
    return branch && { ...branch, content: branch.content.snapshot() }
  }

  save(branch: StoredBranch): Promise<void> | void {
    // The content is a snapshot of the client's already.
    if (this.#slowMs === 0) return this.#keep(branch)
    const generation = this.#generation
    return new Promise((resolve) => {
      this.#later(this.#random.float() * this.#slowMs, () => {
        if (generation !== this.#generation) return
        this.#keep(branch)
        resolve()
      })
    })
  }

  release(): void {}

  /** The process dies: saves under way never happen. */
  crash(): void {
    this.#generation += 1
  }

  /** A backup from before comes back: the last `saves` are gone (R10). Says whether there was one. */
  rollBack(saves: number): boolean {
    if (this.#saved.length <= saves) return false
    this.#saved.length -= saves
    return true
  }

  #keep(branch: StoredBranch): void {
    this.#saved.push(branch)
    if (this.#saved.length > KEPT) this.#saved.shift()
  }
}
