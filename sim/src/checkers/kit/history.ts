import { type Change, decodeChange } from '@concord/protocol'
import type { LogRecord } from '@concord/server/ports'
import { Fold } from './fold.ts'

/** The logs of all documents as checkers read them; shared by the checkers of a run, so that a row is decoded and folded once. */
export class Histories {
  readonly #log: (document: string) => readonly LogRecord[]
  readonly #known = new Map<string, History>()

  constructor(log: (document: string) => readonly LogRecord[]) {
    this.#log = log
  }

  of(document: string): History {
    const known = this.#known.get(document)
    if (known !== undefined) return known
    const history = new History(() => this.#log(document))
    this.#known.set(document, history)
    return history
  }
}

/** One document's log: what is durable at this moment, decoded when somebody looks. */
export class History {
  /** Folded to the head by whoever asks first. */
  readonly folded: FoldedLog
  readonly #log: () => readonly LogRecord[]
  readonly #decoded: ({ readonly record: LogRecord; readonly change: Change } | undefined)[] = []

  constructor(log: () => readonly LogRecord[]) {
    this.#log = log
    this.folded = new FoldedLog(this)
  }

  get head(): number {
    return this.#log().length
  }

  /** The row in the place of `version`, whatever version it says it has. */
  row(version: number): LogRecord | undefined {
    return this.#log()[version - 1]
  }

  /** Undefined where there is no row, or one that cannot be read. */
  change(version: number): Change | undefined {
    const record = this.row(version)
    if (record === undefined) return undefined
    const known = this.#decoded[version - 1]
    if (known !== undefined && isSameRow(known.record, record)) return known.change
    const change = decodeChange(record.bytes)
    if ('kind' in change) return undefined
    this.#decoded[version - 1] = { record, change }
    return change
  }
}

/** Reads each row once, as the log grows; begins anew when the log lost its tail. */
export class RowReader {
  readonly #history: History
  readonly #row: (record: LogRecord, place: number) => void
  readonly #restart: () => void
  #read = 0
  #last: LogRecord | undefined

  /** @param restart the past is another one: forget all rows */
  constructor(history: History, row: (record: LogRecord, place: number) => void, restart: () => void) {
    this.#history = history
    this.#row = row
    this.#restart = restart
  }

  read(): void {
    if (this.#last !== undefined && !isSameRow(this.#last, this.#history.row(this.#read))) {
      this.#read = 0
      this.#last = undefined
      this.#restart()
    }
    for (let record = this.#history.row(this.#read + 1); record !== undefined; record = this.#history.row(this.#read + 1)) {
      this.#read += 1
      this.#last = record
      this.#row(record, this.#read)
    }
  }
}

/** The content of a document at a version of its log. */
export class FoldedLog {
  readonly #history: History
  #fold = new Fold()
  #version = 0
  #last: LogRecord | undefined
  #problem: string | undefined

  constructor(history: History) {
    this.#history = history
  }

  /** @returns the content after `version`; or, as a text, why it cannot be known */
  at(version: number = this.#history.head): Fold | string {
    const isOtherPast = this.#last !== undefined && !isSameRow(this.#last, this.#history.row(this.#version))
    if (isOtherPast || version < this.#version) this.#restart()
    while (this.#problem === undefined && this.#version < version) this.#step()
    return this.#problem ?? this.#fold
  }

  #step(): void {
    const next = this.#version + 1
    const change = this.#history.change(next)
    if (change === undefined) return void (this.#problem = 'a row of the log cannot be read')
    try {
      this.#fold.apply(change.operation)
    } catch (error) {
      this.#problem = `a row of the log does not apply: ${error instanceof Error ? error.message : String(error)}`
      return
    }
    this.#version = next
    this.#last = this.#history.row(next)
  }

  #restart(): void {
    this.#fold = new Fold()
    this.#version = 0
    this.#last = undefined
    this.#problem = undefined
  }
}

function isSameRow(one: LogRecord, other: LogRecord | undefined): boolean {
  if (one === other) return true
  return other !== undefined && one.version === other.version && one.epoch === other.epoch && one.clientId === other.clientId && one.clientSeq === other.clientSeq
}
