import type { WireError } from '@concord/protocol'
import { type AppendOutcome, type DocumentKey, keyText, type LogRecord, StorageUnavailable } from '../ports/index.ts'
import { OWNER_MOVED, storageUnavailable } from './failures.ts'
import type { Parts } from './parts.ts'
import type { Sequencer } from './sequencer.ts'
import type { Draft } from './draft.ts'

/** Appends tried while the store does not answer, before everybody is told. Nothing is written by such a try, so it may be repeated. */
const TRIES = 4

export interface AppendEvents {
  /** Durable from here on. */
  committed(drafts: readonly Draft[], bytes: number): void
  /** The epoch is over. `fenced`: nothing of the batch is in the log, because another owner rules it; otherwise nobody knows. */
  lost(error: WireError, outcome: 'fenced' | 'unknown'): void
  /** The store does not answer, or does again. */
  degraded(isDegraded: boolean): void
}

/**
 * Carries batches to the log, one append in flight per document. What arrives in one turn leaves in one batch; what arrives
 * while an append runs forms the next.
 */
export class Appender {
  private readonly doc: DocumentKey
  private readonly sequencer: Sequencer
  private readonly parts: Parts
  private readonly events: AppendEvents
  private isScheduled = false
  private isDegraded = false
  private isOver = false

  constructor(doc: DocumentKey, sequencer: Sequencer, parts: Parts, events: AppendEvents) {
    this.doc = doc
    this.sequencer = sequencer
    this.parts = parts
    this.events = events
  }

  /** Something waits to be appended. */
  nudge(): void {
    if (this.isScheduled || this.sequencer.isAppending || this.isOver) return
    this.isScheduled = true
    this.parts.runtime.timers.soon(() => {
      this.isScheduled = false
      this.flush()
    })
  }

  /** No more appends; one that is under way is not heard any more. */
  stop(): void {
    this.isOver = true
  }

  private flush(): void {
    if (this.isOver) return
    const drafts = this.sequencer.takeBatch()
    if (drafts.length === 0) return
    const records = drafts.map((draft) => this.record(draft))
    this.parts.telemetry.observe('append_batch_operations', records.length)
    this.append(drafts, records, 1).catch((error: unknown) => this.broken(error))
  }

  private record(draft: Draft): LogRecord {
    const { codec } = this.parts
    const bytes = codec.changeBytes(draft.change)
    draft.size = bytes.length
    const facts = { clientSeq: draft.pending.seq, baseVersion: draft.baseVersion, algorithm: 1 }
    return codec.recordOf(draft.change, bytes, draft.submitted === undefined ? facts : { ...facts, submitted: codec.encodeSubmitted(draft.submitted) })
  }

  private async append(drafts: readonly Draft[], records: readonly LogRecord[], attempt: number): Promise<void> {
    const { opLog, rules, runtime, telemetry } = this.parts
    const begun = runtime.clock.monotonic()
    const asked = this.ask(() => opLog.append(this.doc, this.sequencer.epoch, this.sequencer.head, records))
    const outcome = rules.waitsForAppend ? await asked : 'committed'
    if (this.isOver) return
    if (outcome !== 'unavailable') telemetry.observe('operation_persist_latency_ms', runtime.clock.monotonic() - begun)
    switch (outcome) {
      case 'committed':
        return this.committed(drafts, records)
      case 'fenced':
        return this.lost(OWNER_MOVED, 'fenced', 'another owner rules the log')
      case 'unknown':
        return this.lost(OWNER_MOVED, 'unknown', 'the outcome of an append is not known')
      case 'unavailable':
        return this.retry(drafts, records, attempt)
    }
  }

  private async ask(append: () => Promise<AppendOutcome>): Promise<AppendOutcome | 'unavailable'> {
    try {
      return await append()
    } catch (error) {
      if (error instanceof StorageUnavailable) return 'unavailable'
      throw error
    }
  }

  private committed(drafts: readonly Draft[], records: readonly LogRecord[]): void {
    if (this.isDegraded) this.setDegraded(false)
    let bytes = 0
    for (const record of records) bytes += record.bytes.length
    this.events.committed(drafts, bytes)
    this.flush()
  }

  private retry(drafts: readonly Draft[], records: readonly LogRecord[], attempt: number): void {
    const { limits, runtime } = this.parts
    this.parts.telemetry.count('append_failures_total')
    if (attempt >= TRIES) return this.lost(storageUnavailable(limits.storageRetryMs), 'unknown', 'the store does not answer')
    if (!this.isDegraded) this.setDegraded(true)
    runtime.timers.set(limits.storageRetryMs, () => {
      if (!this.isOver) this.append(drafts, records, attempt + 1).catch((error: unknown) => this.broken(error))
    })
  }

  private setDegraded(isDegraded: boolean): void {
    this.isDegraded = isDegraded
    this.events.degraded(isDegraded)
  }

  /** An adapter that breaks its contract: nothing is known about the batch. */
  private broken(error: unknown): void {
    if (!this.isOver) this.lost(OWNER_MOVED, 'unknown', String(error))
  }

  private lost(error: WireError, outcome: 'fenced' | 'unknown', cause: string): void {
    this.isOver = true
    this.parts.telemetry.count('append_failures_total')
    this.parts.telemetry.log('warn', 'an append failed, the epoch is over', { document: keyText(this.doc), epoch: this.sequencer.epoch, cause })
    this.events.lost(error, outcome)
  }
}
