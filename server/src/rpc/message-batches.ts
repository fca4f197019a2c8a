import type { Readable } from 'node:stream'
import type { WireError } from '@concord/protocol'
import { EnvelopeReader } from './envelope-reader.ts'
import { payloadsOf } from './request-messages.ts'

/** Messages that came together, why there are no more, or `undefined` when the client has said everything. */
export type Batch = readonly Uint8Array[] | WireError | undefined

const GONE: WireError = { reason: 'FRAME_MALFORMED', message: 'the request was cut off' }

/**
 * Hands the messages of a request over as they come, by events: an iterator would cost more per message than the message.
 * A failure or the end is the last batch.
 */
export function readBatches(source: Readable, maxBytes: number, gzip: boolean, take: (batch: Batch) => void): void {
  const reader = new EnvelopeReader(maxBytes)
  /** Messages being inflated go first, whatever comes after them. */
  let inflating: Promise<void> | undefined
  let over = false
  const give = (batch: Batch): void => {
    if (over) return
    over = batch === undefined || 'reason' in batch
    take(batch)
  }
  const later = (batch: Batch | Promise<Batch>): void => {
    if (inflating === undefined && !(batch instanceof Promise)) return give(batch)
    const mine = (inflating ?? Promise.resolve()).then(async () => give(await batch)).finally(() => inflating === mine && (inflating = undefined))
    inflating = mine
  }
  source.on('data', (chunk: Buffer) => {
    if (over) return
    const envelopes = reader.push(chunk)
    if ('reason' in envelopes) later(envelopes)
    else if (envelopes.length > 0) later(envelopes.every(({ flags }) => flags === 0) ? envelopes.map(({ payload }) => payload) : payloadsOf(envelopes, maxBytes, gzip))
  })
  source.on('end', () => later(reader.partial ? { reason: 'FRAME_MALFORMED', message: 'the request ends within a message' } : undefined))
  source.on('error', () => later(GONE))
  source.on('close', () => later(GONE))
}
