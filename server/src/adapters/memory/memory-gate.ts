import type { StorageFaults } from '../../ports/index.ts'
import { StorageUnavailable } from '../../ports/index.ts'

/** What every call of the memory stores passes first: closed and made-up faults reject here. */
export class MemoryGate implements StorageFaults {
  #unavailable: 'nothing' | 'writes' | 'everything' = 'nothing'
  readonly #appends: ('applied' | 'lost')[] = []
  #closed = false

  async nextAppend(outcome: 'applied' | 'lost'): Promise<void> {
    this.#appends.push(outcome)
  }

  async unavailable(what: 'nothing' | 'writes' | 'everything'): Promise<void> {
    this.#unavailable = what
  }

  close(): void {
    this.#closed = true
  }

  read(): void {
    if (this.#closed) throw new StorageUnavailable('The store is closed')
    if (this.#unavailable === 'everything') throw new StorageUnavailable('The store is unreachable (made up by a test)')
  }

  write(): void {
    this.read()
    if (this.#unavailable === 'writes') throw new StorageUnavailable('The store takes no writes (made up by a test)')
  }

  /** The fate of the append that asks, when a test has chosen one. */
  takeAppendFault(): 'applied' | 'lost' | undefined {
    return this.#appends.shift()
  }
}
