import { logNormal, sigmaOf } from '../../network/log-normal.ts'
import type { KeyedRandom } from '../../kernel/keyed-random.ts'
import type { LinkModel } from '../../plan/link-model.ts'

/** Up: from the client to the server. */
export type Direction = 'up' | 'down'

/** What holds at the moment on all connections of one proxy. */
export class ProxyConditions {
  readonly random: KeyedRandom
  model: LinkModel
  /** Why nothing passes in a direction: each reason is ended by itself. */
  readonly #blocks: Readonly<Record<Direction, Set<string>>> = { up: new Set(), down: new Set() }

  constructor(model: LinkModel, random: KeyedRandom) {
    this.model = model
    this.random = random
  }

  /** One draw of the one-way delay in milliseconds. */
  delay(): number {
    return logNormal(this.model.delayMs, sigmaOf(this.model), this.random)
  }

  isBlocked(direction: Direction): boolean {
    return this.#blocks[direction].size > 0
  }

  block(direction: Direction, why: string): void {
    this.#blocks[direction].add(why)
  }

  unblock(direction: Direction, why: string): void {
    this.#blocks[direction].delete(why)
  }

  unblockAll(): void {
    this.#blocks.up.clear()
    this.#blocks.down.clear()
  }
}
