import type { ServerFrame } from '@concord/protocol'
import type { LogRecord } from '@concord/server/ports'
import type { Emit } from '../../checkers/emit.ts'

interface Parts {
  readonly findings: { readonly logs: ReadonlyMap<string, readonly LogRecord[]>; readonly heads: ReadonlyMap<string, number> }
  /** Document of each actor. */
  readonly documents: ReadonlyMap<string, string>
  readonly node: string
  readonly emit: Emit
}

interface Growing {
  readonly whole: readonly LogRecord[]
  /** What somebody has heard of. */
  readonly known: LogRecord[]
  epoch: number
}

/**
 * Logs that were read after a run, given out as they became known: nobody sees the store of a server that runs, but a row
 * was in it when the first client heard of its version. What is said to be in a log and is not is for checkers to find.
 */
export class GrowingLogs {
  readonly #parts: Parts
  readonly #logs = new Map<string, Growing>()

  constructor(parts: Parts) {
    this.#parts = parts
    const { logs, heads } = parts.findings
    for (const [document, whole] of logs) {
      const known = whole.slice(0, heads.get(document) ?? 0)
      this.#logs.set(document, { whole, known, epoch: 0 })
    }
  }

  /** The array grows in place. */
  of(document: string): readonly LogRecord[] {
    return this.#logs.get(document)?.known ?? NONE
  }

  /** A frame has arrived, and nobody was told of it yet. */
  heardOf(actor: string, frame: ServerFrame): void {
    const document = this.#parts.documents.get(actor)
    if (document !== undefined) this.#growTo(document, versionOf(frame))
  }

  toTheEnd(): void {
    for (const [document, { whole }] of this.#logs) this.#growTo(document, whole.length)
  }

  #growTo(document: string, version: number): void {
    const log = this.#logs.get(document)
    if (log === undefined) return
    while (log.known.length < Math.min(version, log.whole.length)) this.#batch(document, log, version)
  }

  /** Rows of one epoch. */
  #batch(document: string, log: Growing, version: number): void {
    const { node, emit } = this.#parts
    const expectedHead = log.known.length
    const { epoch } = log.whole[expectedHead]!
    if (epoch !== log.epoch) {
      log.epoch = epoch
      emit('claimed', { node, document, epoch, head: expectedHead })
    }
    const records: LogRecord[] = []
    for (let at = expectedHead; at < version && log.whole[at]?.epoch === epoch; at += 1) records.push(log.whole[at]!)
    log.known.push(...records)
    emit('appended', { node, document, epoch, expectedHead, records, outcome: 'committed' })
  }
}

const NONE: readonly LogRecord[] = []

function versionOf(frame: ServerFrame): number {
  switch (frame.kind) {
    case 'opened':
      return frame.opened.head
    case 'snapshot':
      return frame.snapshot.version
    case 'change':
      return frame.change.version
    case 'ack':
      return frame.ack.version
    case 'composed':
      return frame.composed.toVersion
    case 'mark':
      return frame.version
    default:
      return 0
  }
}
