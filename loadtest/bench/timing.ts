/** How often a work is done: enough to be compiled before it counts, and a median that one disturbance does not move. */
export interface Repeats {
  readonly warmup: number
  readonly repeats: number
}

/** Milliseconds of each counted run. `prepare` makes what one run uses up and is not timed. */
export async function timeEach<T>(repeats: Repeats, prepare: () => T | Promise<T>, run: (prepared: T) => unknown): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < repeats.warmup + repeats.repeats; i++) {
    const prepared = await prepare()
    const start = performance.now()
    await run(prepared)
    const time = performance.now() - start
    if (i >= repeats.warmup) times.push(time)
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
