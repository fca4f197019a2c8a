import { MemoryGate } from '@concord/server/adapters/memory/memory-gate'
import { StorageUnavailable } from '@concord/server/ports'
import type { StorageConditions } from './storage-conditions.ts'

/** What the calls of one node pass at the store: its own faults, and those that hold for all. */
export class NodeGate extends MemoryGate {
  readonly #conditions: StorageConditions
  readonly #node: string

  constructor(conditions: StorageConditions, node: string) {
    super()
    this.#conditions = conditions
    this.#node = node
  }

  override read(): void {
    super.read()
    if (this.#conditions.unavailable.of(this.#node) === 'everything') throw new StorageUnavailable('The store is unreachable (a fault of the simulation)')
  }

  override write(): void {
    super.write()
    this.read()
    if (this.#conditions.unavailable.of(this.#node) === 'writes') throw new StorageUnavailable('The disk is full (a fault of the simulation)')
  }

  override takeAppendFault(): 'applied' | 'lost' | undefined {
    return super.takeAppendFault() ?? this.#conditions.takeFate(this.#node)
  }
}
