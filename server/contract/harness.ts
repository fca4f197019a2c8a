import type { DocumentKey, LogRecord, StorageFaults } from '../src/ports/index.ts'

/**
 * What a suite needs of an adapter. A suite opens it for every test, so `open` on a fresh harness starts empty; opened
 * again after `close`, it must find the same data.
 */
export interface Harness<Store> {
  open(): Promise<Opened<Store>>
  /** Removes what the test wrote. Called after `close`. */
  destroy(): Promise<void>
}

export interface Opened<Store> {
  readonly store: Store
  /** The same data as another server reaches it, where the adapter can be open twice; the store itself where it cannot. */
  readonly rival?: Store
  readonly faults: StorageFaults
  close(): Promise<void>
}

/** A record as a sequencer would write it; `fill` is the length of `bytes` beyond what makes it recognizable. */
export function aRecord(version: number, epoch: number, over: Partial<LogRecord> = {}): LogRecord {
  return {
    version,
    epoch,
    clientId: '0000000100000007',
    clientSeq: version,
    userId: 'ada',
    at: 1_781_000_000_000 + version,
    baseVersion: version - 1,
    algorithm: 1,
    format: 1,
    bytes: new TextEncoder().encode(`${epoch}:${version}`),
    ...over,
  }
}

/** Records `from` to `to`, both included. */
export function records(from: number, to: number, epoch: number): LogRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) => aRecord(from + index, epoch))
}

export const NOTES: DocumentKey = { tenant: 'local', id: 'notes' }
export const PLANS: DocumentKey = { tenant: 'local', id: 'plans' }
/** The same id under another tenant. */
export const FOREIGN_NOTES: DocumentKey = { tenant: 'other', id: 'notes' }
