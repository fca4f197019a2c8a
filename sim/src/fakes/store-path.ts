import type { Random } from '@concord/runtime'
import { StorageUnavailable } from '@concord/server/ports'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { Process } from '../kernel/process.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'

/** How long a node waits for an answer that the network swallowed. Milliseconds. */
export const STORE_TIMEOUT_MS = 2_000

export interface StorePathParts {
  readonly time: VirtualTime
  readonly random: Random
  readonly node: Process
  /** A call takes from 0 to twice this. */
  readonly delayMs: number
  /** What it takes more at the moment. */
  readonly slowMs: () => number
  /** Whether nothing passes between the node and the stores at the moment. */
  readonly isBlocked: () => boolean
}

/** What became of a call that was cut off in the middle. */
interface CutOff<Answer> {
  readonly answer: Answer
}

/**
 * The way from one node to the stores and back. A call takes time before its effect and after it, so that a death or a
 * pause of the node falls on either side: what has left takes effect whatever became of the node, a dead node hears
 * nothing any more, a paused one hears it when it goes on.
 */
export class StorePath {
  readonly #parts: StorePathParts
  readonly #ties: KeyedRandom

  constructor(parts: StorePathParts) {
    this.#parts = parts
    this.#ties = parts.time.ties(`storage of ${parts.node.name}.${parts.node.generation}`)
  }

  /**
   * @param effect takes place in the store, at one moment
   * @param cutOff the answer of a call that was cut off on its way, when its caller may not be told that nothing happened;
   * whether it took effect is drawn. Without it such a call rejects with StorageUnavailable
   */
  ask<Answer>(effect: () => Promise<Answer>, cutOff?: CutOff<Answer>): Promise<Answer> {
    const { time, random, node, isBlocked } = this.#parts
    const { generation } = node
    const leftAt = time.now
    return new Promise((resolve, reject) => {
      const back = (delayMs: number, settle: () => void): void => void time.schedule(delayMs, () => node.deliver(settle, generation), this.#ties)
      const giveUp = (midway: boolean): void =>
        back(leftAt + STORE_TIMEOUT_MS - time.now, () => (midway && cutOff !== undefined ? resolve(cutOff.answer) : reject(new StorageUnavailable('The store does not answer'))))
      const answered = (settle: () => void): void => {
        time.schedule(this.#half(), () => (isBlocked() ? giveUp(true) : node.deliver(settle, generation)), this.#ties)
      }
      if (isBlocked()) return giveUp(false)
      time.schedule(this.#half(), () => {
        const isCut = isBlocked()
        if (isCut && (cutOff === undefined || random.float() < 0.5)) return giveUp(true)
        effect().then(
          (answer) => (isCut ? giveUp(true) : answered(() => resolve(answer))),
          (error: unknown) => (isCut ? giveUp(true) : answered(() => reject(error))),
        )
      }, this.#ties)
    })
  }

  /** One of the two halves of a call. */
  #half(): number {
    const { random, delayMs, slowMs } = this.#parts
    return random.float() * delayMs + slowMs() / 2
  }
}
