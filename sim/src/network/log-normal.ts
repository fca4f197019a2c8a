import type { Random } from '@concord/runtime'
import type { LinkModel } from '../plan/link-model.ts'

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408

/** Spread of a link's delay: the deviation of its logarithm. 0: constant. */
export function sigmaOf({ delayMs, delayP99Ms }: Pick<LinkModel, 'delayMs' | 'delayP99Ms'>): number {
  return delayMs > 0 && delayP99Ms > delayMs ? Math.log(delayP99Ms / delayMs) / Z99 : 0
}

/** One draw of a log-normal delay by its median and {@link sigmaOf} (Box-Muller). Draws nothing where it is constant. */
export function logNormal(medianMs: number, sigma: number, random: Pick<Random, 'float'>): number {
  if (sigma === 0) return medianMs
  const normal = Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float())
  return medianMs * Math.exp(sigma * normal)
}
