import type { Runtime } from '@concord/runtime'

/** The process that a client runs in: it opens, dies, and opens again. Under virtual time a kernel `Process` is one. */
export interface Tab {
  readonly generation: number
  readonly state: 'up' | 'down' | 'paused'
  /** Begins the next generation. What an earlier one scheduled never runs. */
  start(): Runtime
  kill(): void
}
