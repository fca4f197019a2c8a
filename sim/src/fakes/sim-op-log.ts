import type { Random } from '@concord/runtime'
import type { AppendOutcome, DocumentKey, EpochStart, LogRecord, OpLog } from '@concord/server/ports'
import { checkAppend } from '@concord/server/adapters/check-append'
import type { MemoryData } from '@concord/server/adapters/memory/memory-data'
import { MemoryOpLog } from '@concord/server/adapters/memory/memory-op-log'
import type { Emit } from '../checkers/emit.ts'
import type { NodeGate } from './node-gate.ts'
import type { StorageBugs } from './storage-bugs.ts'
import type { StorePath } from './store-path.ts'

export interface SimOpLogParts {
  readonly node: string
  readonly data: MemoryData
  readonly gate: NodeGate
  readonly path: StorePath
  readonly emit: Emit
  readonly bugs: StorageBugs
  /** For the bugs alone. */
  readonly random: Random
}

/** How often a planted bug shows, per call. */
const NOW_AND_THEN = 0.1

/** The memory log as one node reaches it. What happens is observed at the moment of its effect, before the node hears of it. */
export class SimOpLog implements OpLog {
  /** As a replicated store promises it: nothing that was committed is lost with a node. */
  readonly durability = 'quorum'
  readonly #parts: SimOpLogParts
  readonly #log: MemoryOpLog

  constructor(parts: SimOpLogParts) {
    this.#parts = parts
    this.#log = new MemoryOpLog(parts.data, parts.gate)
  }

  claim(doc: DocumentKey, owner: string): Promise<{ epoch: number; head: number }> {
    return this.#parts.path.ask(async () => {
      const claimed = await this.#log.claim(doc, owner)
      this.#parts.emit('claimed', { node: this.#parts.node, document: doc.id, ...claimed })
      return { ...claimed, head: claimed.head - this.#staleBy(claimed.head) }
    })
  }

  append(doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): Promise<AppendOutcome> {
    const { path, node, emit } = this.#parts
    return path.ask(
      async () => {
        const outcome = await this.#write(doc, epoch, expectedHead, records)
        emit('appended', { node, document: doc.id, epoch, expectedHead, records, outcome })
        return outcome
      },
      { answer: 'unknown' },
    )
  }

  read(doc: DocumentKey, after: number, maxRecords: number, maxBytes: number): Promise<readonly LogRecord[]> {
    return this.#parts.path.ask(async () => {
      const page = await this.#log.read(doc, after, maxRecords, maxBytes)
      return page.slice(0, page.length - this.#staleBy(page.length))
    })
  }

  head(doc: DocumentKey): Promise<{ epoch: number; version: number }> {
    return this.#parts.path.ask(async () => {
      const { epoch, version } = await this.#log.head(doc)
      return { epoch, version: version - this.#staleBy(version) }
    })
  }

  epochStarts(doc: DocumentKey): Promise<readonly EpochStart[]> {
    return this.#parts.path.ask(() => this.#log.epochStarts(doc))
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  async #write(doc: DocumentKey, epoch: number, expectedHead: number, records: readonly LogRecord[]): Promise<AppendOutcome> {
    const { bugs, data, gate } = this.#parts
    if (bugs.lostAppend === true && this.#isNow()) return 'committed'
    if (bugs.fenceOff !== true) return this.#log.append(doc, epoch, expectedHead, records)
    checkAppend(epoch, expectedHead, records)
    gate.write()
    return writtenWithoutFence(data, doc, expectedHead, records)
  }

  /** How many of the last rows a replica that lags has not seen. */
  #staleBy(rows: number): number {
    const { bugs, random } = this.#parts
    return bugs.staleRead === true && this.#isNow() ? Math.min(rows, 1 + Math.floor(random.float() * 3)) : 0
  }

  #isNow(): boolean {
    return this.#parts.random.float() < NOW_AND_THEN
  }
}

/** A store without compare-and-set: whoever writes last is right, whichever epoch rules. */
function writtenWithoutFence(data: MemoryData, doc: DocumentKey, expectedHead: number, records: readonly LogRecord[]): AppendOutcome {
  const log = data.log(doc)
  if (expectedHead > log.records.length) return 'fenced'
  for (const record of records) {
    log.records[record.version - 1] = record
    if (record.epoch > (log.starts.at(-1)?.epoch ?? 0)) log.starts.push({ epoch: record.epoch, version: record.version })
  }
  return 'committed'
}
