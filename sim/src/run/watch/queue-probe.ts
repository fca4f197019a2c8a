import type { Emit } from '../../checkers/emit.ts'
import type { VirtualTime } from '../../kernel/virtual-time.ts'
import type { SimNode } from '../../node/sim-node.ts'

/** Milliseconds of virtual time between two looks, and how much longer for each session: a herd is looked at less often. */
const EVERY_MS = 100
const PER_SESSION_MS = 0.1

/** Looks now and then how much waits inside the nodes, and tells the fullest place of each kind. */
export class QueueProbe {
  readonly #time: VirtualTime
  readonly #nodes: ReadonlyMap<string, SimNode>
  readonly #emit: Emit

  constructor(time: VirtualTime, nodes: ReadonlyMap<string, SimNode>, emit: Emit) {
    this.#time = time
    this.#nodes = nodes
    this.#emit = emit
  }

  /** From now on. */
  begin(): void {
    this.#time.schedule(EVERY_MS + PER_SESSION_MS * this.#look(), () => this.begin())
  }

  /** Sessions with a carrier on all nodes that live. */
  get sessions(): number {
    return [...this.#nodes.values()].reduce((sum, { server }) => sum + (server?.load().sessions ?? 0), 0)
  }

  #look(): number {
    let sessions = 0
    for (const { name, server } of this.#nodes.values()) {
      if (server === undefined) continue
      const load = server.load()
      sessions += load.sessions
      for (const { what, length, limit } of load.waiting) this.#emit('queue', { node: name, what, length, limit })
    }
    return sessions
  }
}
