import type { EpochStart } from '../ports/index.ts'

/** Where each epoch began to write: which epoch wrote a version (R15). */
export class EpochTable {
  private readonly starts: EpochStart[]

  /** @param starts ascending */
  constructor(starts: readonly EpochStart[]) {
    this.starts = [...starts]
  }

  /** Notes that `epoch` wrote `version`; only its first one is kept. */
  wrote(epoch: number, version: number): void {
    const last = this.starts.at(-1)
    if (last !== undefined && last.epoch >= epoch) return
    this.starts.push({ epoch, version })
  }

  /** The epoch that wrote a version; 0 for version 0. */
  epochOf(version: number): number {
    if (version === 0) return 0
    for (let i = this.starts.length - 1; i >= 0; i--) {
      const start = this.starts[i]!
      if (start.version <= version) return start.epoch
    }
    return 0
  }

  entries(): readonly EpochStart[] {
    return [...this.starts]
  }
}
