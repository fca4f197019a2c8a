import type { Observations } from './checker.ts'

/** When each version of a document became durable, in milliseconds of the run. */
export class VersionsInTime {
  readonly #times = new Map<string, number[]>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  appended({ document, records, outcome }: Observations['appended']): void {
    if (outcome !== 'committed') return
    const times = this.#times.get(document) ?? []
    this.#times.set(document, times)
    for (const { version } of records) times[version] = this.#now()
  }

  /** Undefined where nobody saw it happen. */
  of(document: string, version: number): number | undefined {
    return this.#times.get(document)?.[version]
  }
}
