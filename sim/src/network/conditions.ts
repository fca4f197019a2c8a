import type { KeyedRandom } from '../kernel/keyed-random.ts'
import type { LinkModel } from '../plan/link-model.ts'

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408

/** The way down is slow for this long after a stall, by up to {@link CONGESTION_MS}. */
const CONGESTED_MS = 200
const CONGESTION_MS = 400

/** What holds on all connections of one link at the moment, and its draws. */
export class Conditions {
  /** Nothing passes and nobody is told. */
  hung = false
  /** The reader takes nothing before this. */
  stalledUntil = -Infinity
  readonly random: KeyedRandom
  #model: LinkModel
  #sigma: number

  constructor(random: KeyedRandom, model: LinkModel) {
    this.random = random
    this.#model = model
    this.#sigma = sigmaOf(model)
  }

  get model(): LinkModel {
    return this.#model
  }

  set model(model: LinkModel) {
    this.#model = model
    this.#sigma = sigmaOf(model)
  }

  /** One draw of the one-way delay in milliseconds: log-normal by its median and 99th percentile (Box-Muller). */
  delay(): number {
    const { delayMs } = this.#model
    if (this.#sigma === 0) return delayMs
    const normal = Math.sqrt(-2 * Math.log(1 - this.random.float())) * Math.cos(2 * Math.PI * this.random.float())
    return delayMs * Math.exp(this.#sigma * normal)
  }

  /** After a stall the way down is slow for a while, so that the client goes on submitting in a session that is over. */
  congestion(now: number): number {
    return now < this.stalledUntil + CONGESTED_MS ? this.random.float() * CONGESTION_MS : 0
  }
}

function sigmaOf({ delayMs, delayP99Ms }: LinkModel): number {
  return delayMs > 0 && delayP99Ms > delayMs ? Math.log(delayP99Ms / delayMs) / Z99 : 0
}
