import type { WireError } from '@concord/protocol'
import { type DocumentKey, keyText, StorageUnavailable } from '../ports/index.ts'
import { OWNER_MOVED, storageUnavailable } from './failures.ts'
import type { Parts } from './parts.ts'

/**
 * Whether an epoch still rules its document. Only the log knows: an owner that was cut off or stood still believes in
 * itself until it asks. One question answers everybody who wanted to know before it was asked.
 */
export class Ownership {
  private readonly doc: DocumentKey
  private readonly epoch: number
  private readonly parts: Parts
  private readonly lost: () => void
  /** Monotonic time at which the log last confirmed it. */
  private confirmedAt: number
  private asking: Promise<WireError | undefined> | undefined
  private next: Promise<WireError | undefined> | undefined

  /** @param lost called once another owner is known to rule */
  constructor(doc: DocumentKey, epoch: number, parts: Parts, now: number, lost: () => void) {
    this.doc = doc
    this.epoch = epoch
    this.parts = parts
    this.confirmedAt = now
    this.lost = lost
  }

  /** The log took an append of this epoch. */
  confirmed(now: number): void {
    this.confirmedAt = now
  }

  /** Asks when nothing has told for a while. While the log does not answer, nobody knows better. */
  lookIfDue(now: number): void {
    if (now - this.confirmedAt >= this.parts.limits.ownerCheckMs) void this.confirm()
  }

  /** Asks the log from now on. @returns why nobody can say that this epoch rules; undefined when it does */
  confirm(): Promise<WireError | undefined> {
    if (this.asking === undefined) return this.begin()
    this.next ??= this.asking.then(() => this.begin())
    return this.next
  }

  private begin(): Promise<WireError | undefined> {
    this.next = undefined
    const asking = this.ask().finally(() => {
      if (this.asking === asking) this.asking = undefined
    })
    this.asking = asking
    return asking
  }

  private async ask(): Promise<WireError | undefined> {
    const { opLog, runtime, telemetry, limits } = this.parts
    this.confirmedAt = runtime.clock.monotonic()
    try {
      const { epoch } = await opLog.head(this.doc)
      if (epoch <= this.epoch) return undefined
      telemetry.log('warn', 'another owner has the document, the epoch is over', { document: keyText(this.doc), epoch: this.epoch, ruling: epoch })
      this.lost()
      return OWNER_MOVED
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) telemetry.log('error', 'the log cannot say who owns a document', { document: keyText(this.doc), cause: String(error) })
      return storageUnavailable(limits.storageRetryMs)
    }
  }
}
