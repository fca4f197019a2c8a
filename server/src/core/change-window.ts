import type { Operation } from '@concord/ot'
import type { Change } from '@concord/protocol'
import type { SharedFrame } from './carrier.ts'

/** A committed change as readers need it. */
export interface WindowEntry {
  readonly change: Change
  /** Sequence number of the submit: the author's own session gets an ack in this place (R1). */
  readonly seq: number
  /** Bytes in the log, which is about what a frame takes. */
  readonly size: number
  /** Made for the first reader and shared by all. */
  frame: SharedFrame | undefined
}

/**
 * The recent changes of one document, shared by all its readers: each reader is a cursor, so that a slow one costs one
 * integer. Bounded by number and by bytes; what falls out is read from the log.
 */
export class ChangeWindow {
  private readonly maxEntries: number
  private readonly maxBytes: number
  private readonly entries: WindowEntry[] = []
  /** Index of the oldest entry kept in `entries`; the array is cut when half of it is dead, so that no more than as much again is held. */
  private begin = 0
  private bytes = 0
  private lastVersion: number

  /** @param head version before the first entry */
  constructor(head: number, maxEntries: number, maxBytes: number) {
    this.lastVersion = head
    this.maxEntries = maxEntries
    this.maxBytes = maxBytes
  }

  /** Version of the newest entry. */
  get head(): number {
    return this.lastVersion
  }

  /** Changes above this version are here. */
  get floor(): number {
    return this.lastVersion - this.size
  }

  push(entry: WindowEntry): void {
    this.entries.push(entry)
    this.bytes += entry.size
    this.lastVersion = entry.change.version
    while (this.size > this.maxEntries || (this.bytes > this.maxBytes && this.size > 1)) this.drop()
    this.release()
  }

  /** Drops what was committed before a time, but keeps the newest `least`: what nobody has asked for in a while is in the log. */
  trim(before: number, least: number): void {
    while (this.size > least && this.entries[this.begin]!.change.at < before) this.drop()
    this.release()
  }

  /** The change with this version; undefined outside the window. */
  at(version: number): WindowEntry | undefined {
    return version <= this.floor ? undefined : this.entries[this.begin + version - this.floor - 1]
  }

  /** Operations above `version`, in order; the caller knows that they are here. */
  operationsAfter(version: number): Operation[] {
    const operations: Operation[] = []
    for (let i = this.begin + version - this.floor; i < this.entries.length; i++) operations.push(this.entries[i]!.change.operation)
    return operations
  }

  /** Bytes of the changes above `version`, for those that are here. */
  bytesAfter(version: number): number {
    let bytes = 0
    for (let i = this.begin + Math.max(0, version - this.floor); i < this.entries.length; i++) bytes += this.entries[i]!.size
    return bytes
  }

  private get size(): number {
    return this.entries.length - this.begin
  }

  private drop(): void {
    this.bytes -= this.entries[this.begin++]!.size
  }

  private release(): void {
    if (this.begin * 2 <= this.entries.length) return
    this.entries.splice(0, this.begin)
    this.begin = 0
  }
}
