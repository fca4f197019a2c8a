import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'

/** Where the figures come from: they mean nothing without it. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  /** Processes that wanted to run during the last minute: more than `cores`, and the figures are those of a busy machine. */
  readonly load: number
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    load: Number(loadavg()[0]!.toFixed(1)),
  }
}
