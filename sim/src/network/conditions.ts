import type { TimedEvent } from '../kernel/event-heap.ts'
import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { VirtualTime } from '../kernel/virtual-time.ts'
import type { LinkModel } from '../plan/link-model.ts'
import { logNormal, sigmaOf } from './log-normal.ts'

/** The way down is slow for this long after a stall, by up to {@link CONGESTION_MS}. */
const CONGESTED_MS = 200
const CONGESTION_MS = 400

/** What holds on all connections of one link at the moment, and its draws. */
export class Conditions {
  /** Nothing passes and nobody is told. */
  hung = false
  /** The reader takes nothing before this. */
  stalledUntil = -Infinity
  readonly time: VirtualTime
  readonly random: KeyedRandom
  /** Of this link alone, so that leaving it out moves nobody else's. */
  readonly #ties: KeyedRandom
  /** Of the model: asked for with every message. */
  bandwidth = 0
  window = 0
  #model: LinkModel
  #sigma = 0

  constructor(time: VirtualTime, name: string, random: KeyedRandom, model: LinkModel) {
    this.time = time
    this.random = random
    this.#ties = time.ties(`link ${name}`)
    this.#model = model
    this.model = model
  }

  get model(): LinkModel {
    return this.#model
  }

  set model(model: LinkModel) {
    this.#model = model
    this.#sigma = sigmaOf(model)
    this.bandwidth = model.bandwidth
    this.window = model.window
  }

  schedule(delayMs: number, run: () => void): TimedEvent {
    return this.time.schedule(delayMs, run, this.#ties)
  }

  /** One draw of the one-way delay in milliseconds. */
  delay(): number {
    return logNormal(this.#model.delayMs, this.#sigma, this.random)
  }

  /** After a stall the way down is slow for a while, so that the client goes on submitting in a session that is over. */
  congestion(): number {
    return this.time.now < this.stalledUntil + CONGESTED_MS ? this.random.float() * CONGESTION_MS : 0
  }
}
