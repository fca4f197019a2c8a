/** How often a work is done: enough to be compiled before it counts, and a median that one disturbance does not move. */
export interface Repeats {
  readonly warmup: number
  readonly repeats: number
}

/**
 * Milliseconds of each counted run of work that waits for nothing: processor time of the whole process, its collector and compiler
 * included, so that a neighbour on the same core does not count and an allocation is not cheaper than it is. For one contestant alone
 * on a quiet machine it is the time on the clock or more. `prepare` makes what one run uses up and is not timed.
 */
export async function processorTimeEach<T>(repeats: Repeats, prepare: () => T | Promise<T>, run: (prepared: T) => unknown): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < repeats.warmup + repeats.repeats; i++) {
    const prepared = await prepare()
    const before = process.cpuUsage()
    await run(prepared)
    const { user, system } = process.cpuUsage(before)
    if (i >= repeats.warmup) times.push((user + system) / 1000)
  }
  return times
}

/** The middle of a list that is not empty. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) throw new Error('the median of nothing: a contestant measured no run')
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
