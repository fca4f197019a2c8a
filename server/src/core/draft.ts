import type { Operation } from '@concord/ot'
import type { Change } from '@concord/protocol'
import type { Client, Pending } from './client-table.ts'
import type { Limits } from './limits.ts'

/** An operation that has its version and waits for the log. */
export interface Draft {
  readonly change: Change
  readonly client: Client
  readonly pending: Pending
  readonly baseVersion: number
  /** As submitted, where the committed form differs. */
  readonly submitted: Operation | undefined
  /** Bytes of the encoded change; an estimate until it is encoded. */
  size: number
}

/** How many drafts one append takes. */
export function batchLength(drafts: readonly Draft[], limits: Limits): number {
  let bytes = 0
  let count = 0
  for (const { size } of drafts) {
    bytes += size
    if (count > 0 && (count >= limits.batchOperations || bytes > limits.batchBytes)) break
    count++
  }
  return count
}

/** From above, near enough to cut batches by. */
export function estimatedSize(operation: Operation): number {
  let size = 64 + operation.components.length * 5 + operation.text.length * 3
  for (const set of operation.attributes) for (const [name, value] of set) size += 16 + 3 * (name.length + (typeof value === 'string' ? value.length : 8))
  for (const { type, data } of operation.embeds) size += 16 + 3 * (type.length + data.length)
  return size
}
