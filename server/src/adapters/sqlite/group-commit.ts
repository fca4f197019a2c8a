import type { DatabaseSync } from 'node:sqlite'
import { StorageUnavailable } from '../../ports/index.ts'
import type { Fault } from './messages.ts'
import { messageOf, troubleOf } from './sqlite-error.ts'

/** One change that asks for a transaction. `perform` may run again after a rollback. */
export interface Write {
  readonly isAppend: boolean
  perform(): unknown
}

export type WriteResult =
  | { readonly kind: 'done'; readonly value: unknown }
  /** An append whose commit may or may not have happened. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly error: unknown }

/**
 * Commits everything that waits in one transaction: one fsync for all of it, and no answer before that fsync. A store
 * that fails fails all of them; a document that fails (a damaged page) fails alone.
 */
export class GroupCommit {
  commits = 0
  appends = 0
  readonly #database: DatabaseSync
  readonly #onRollback: () => void
  readonly #onHealth: (writable: boolean, cause: string) => void
  #writable = true
  #unavailable: 'nothing' | 'writes' | 'everything' = 'nothing'
  readonly #nextAppends: ('applied' | 'lost')[] = []

  constructor(database: DatabaseSync, onRollback: () => void, onHealth: (writable: boolean, cause: string) => void) {
    this.#database = database
    this.#onRollback = onRollback
    this.#onHealth = onHealth
  }

  fault(fault: Fault): undefined {
    switch (fault.kind) {
      case 'unavailable':
        this.#unavailable = fault.what
        return
      case 'nextAppend':
        this.#nextAppends.push(fault.outcome)
        return
      case 'crash':
        process.exit(1)
    }
  }

  /** @throws {StorageUnavailable} when a test has made the store unreachable */
  checkReadable(): void {
    if (this.#unavailable === 'everything') throw new StorageUnavailable('The store is unreachable (made up by a test)')
  }

  /** The results in the order of the writes. */
  run(writes: readonly Write[]): WriteResult[] {
    if (writes.length === 0) return []
    const values: unknown[] = []
    try {
      if (this.#unavailable !== 'nothing') throw new StorageUnavailable('The store takes no writes (made up by a test)')
      this.#database.exec('BEGIN IMMEDIATE')
      for (const write of writes) values.push(write.perform())
    } catch (error) {
      return this.#failed(writes, error)
    }
    return this.#commit(writes, values)
  }

  #commit(writes: readonly Write[], values: readonly unknown[]): WriteResult[] {
    const fault = writes.some((write) => write.isAppend) ? this.#nextAppends.shift() : undefined
    if (fault === 'lost') this.#rollback()
    try {
      if (fault !== 'lost') this.#database.exec('COMMIT')
    } catch (error) {
      this.#rollback()
      this.#tell(false, messageOf(error))
      return doubtful(writes, error)
    }
    if (fault !== undefined) return doubtful(writes, new StorageUnavailable('The commit may not have happened (made up by a test)'))
    this.commits += 1
    for (const write of writes) if (write.isAppend) this.appends += 1
    this.#tell(true, '')
    return values.map((value) => ({ kind: 'done', value }))
  }

  /** Nothing was committed. What is the store's trouble is everybody's; anything else is tried one by one. */
  #failed(writes: readonly Write[], error: unknown): WriteResult[] {
    this.#rollback()
    const isStore = troubleOf(error) === 'store'
    if (isStore) this.#tell(false, messageOf(error))
    if (isStore || writes.length === 1) return writes.map(() => ({ kind: 'failed', error }))
    return writes.flatMap((write) => this.run([write]))
  }

  #rollback(): void {
    this.#onRollback()
    // SQLite rolls back by itself on some errors.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #tell(writable: boolean, cause: string): void {
    if (writable === this.#writable) return
    this.#writable = writable
    this.#onHealth(writable, cause)
  }
}

/** Appends have an outcome for this; the callers of other writes learn of the failure and look what is there. */
function doubtful(writes: readonly Write[], error: unknown): WriteResult[] {
  return writes.map((write) => (write.isAppend ? { kind: 'unknown' } : { kind: 'failed', error }))
}
