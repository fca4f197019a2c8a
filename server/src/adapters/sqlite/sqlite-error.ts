import { LogDamaged, StorageUnavailable } from '../../ports/index.ts'
import type { Failure } from './messages.ts'

/** Primary result codes of SQLite, https://sqlite.org/rescode.html. */
const BUSY = 5
const CORRUPT = 11
const NOT_A_DATABASE = 26

/**
 * `store`: everything that is written now would fail alike (disk full, I/O error, read-only). `damage`: a page cannot be
 * trusted, other documents may be fine. `other`: not SQLite's error, a fault in the program.
 */
export type Trouble = 'store' | 'damage' | 'other'

export function troubleOf(error: unknown): Trouble {
  const code = resultCode(error)
  if (code === undefined) return error instanceof StorageUnavailable ? (error instanceof LogDamaged ? 'damage' : 'store') : 'other'
  return code === CORRUPT || code === NOT_A_DATABASE ? 'damage' : 'store'
}

export function isLocked(error: unknown): boolean {
  return resultCode(error) === BUSY
}

export function isNotDatabase(error: unknown): boolean {
  const code = resultCode(error)
  return code === NOT_A_DATABASE || code === CORRUPT
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The error as it crosses to the server's thread. */
export function toFailure(error: unknown): Failure {
  const message = messageOf(error)
  if (error instanceof LogDamaged) return { kind: 'damaged', message, version: error.version }
  switch (troubleOf(error)) {
    case 'damage':
      return { kind: 'damaged', message: `The stored pages are damaged: ${message}`, version: 0 }
    case 'store':
      return { kind: 'unavailable', message }
    case 'other':
      return { kind: 'broken', message: error instanceof Error ? (error.stack ?? message) : message }
  }
}

/** The error as the caller gets it. */
export function fromFailure(failure: Failure): Error {
  switch (failure.kind) {
    case 'unavailable':
      return new StorageUnavailable(failure.message)
    case 'damaged':
      return new LogDamaged(failure.message, failure.version ?? 0)
    case 'broken':
      return new Error(failure.message)
  }
}

/** The low byte: extended codes keep the primary one there. */
function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? code & 0xff : undefined
}
