import type { LoggedOperation, Operation } from '@concord/proto'
import { DoesNotFit, NaiveDocument } from './naive-document.ts'

/** Where a log and the claims about it come from. */
export interface LogSource {
  /** Every row from version 1, in order. */
  rows(): AsyncIterable<LoggedOperation>
  /** Stored snapshots, in any order. */
  snapshots(): Promise<readonly SnapshotClaim[]>
  /** What readers are given at the head; nothing when the store is stopped. */
  head(): Promise<ContentClaim | undefined>
}

/** Content that somebody claims a version has. */
export interface ContentClaim {
  readonly version: number
  readonly hash: bigint
  /** In chunks, each an operation on the empty document. */
  readonly content: readonly Operation[]
}

export interface SnapshotClaim extends ContentClaim {
  /** Last committed sequence number by client id. */
  readonly clients: ReadonlyMap<bigint, number>
  /** Why it cannot be read, as `fails its checksum`. */
  readonly fault?: string
}

export interface Problem {
  /** First version at which the claim and the log part. */
  readonly version: number
  readonly what: string
}

export interface VerifyReport {
  /** Versions folded. */
  readonly versions: number
  readonly length: number
  readonly hash: bigint
  readonly text: string
  /** Hashes in changes that were compared. */
  readonly hashes: number
  readonly snapshots: number
  readonly problems: readonly Problem[]
}

const ENOUGH_PROBLEMS = 20

/** Folds the log and compares every hash, snapshot and head on the way. @param onVersion called after each version */
export async function verifyLog(source: LogSource, onVersion: (version: number) => void = () => {}): Promise<VerifyReport> {
  const run = new Verification(await source.snapshots(), await source.head())
  for await (const row of source.rows()) {
    if (!run.take(row)) break
    onVersion(run.version)
  }
  return run.report()
}

class Verification {
  readonly #document = new NaiveDocument()
  readonly #problems: Problem[] = []
  readonly #claims: Map<number, readonly { readonly what: string; readonly claim: ContentClaim & Partial<SnapshotClaim> }[]>
  /** Last sequence number by client id, as the log has it. */
  readonly #clients = new Map<bigint, number>()
  readonly #snapshots: number
  version = 0
  #epoch = 0n
  #hashes = 0

  constructor(snapshots: readonly SnapshotClaim[], head: ContentClaim | undefined) {
    const claims = snapshots.map((claim) => ({ what: 'the snapshot', claim }))
    this.#claims = Map.groupBy([...claims, ...(head === undefined ? [] : [{ what: 'the head', claim: head }])], ({ claim }) => claim.version)
    this.#snapshots = snapshots.length
    this.#compareClaims()
  }

  /** @returns false when the fold cannot go on */
  take(row: LoggedOperation): boolean {
    const { change } = row
    const version = this.version + 1
    if (change?.operation === undefined) return this.#stop(version, 'the row holds no operation')
    if (change.version !== BigInt(version)) return this.#stop(version, `the log goes on with version ${change.version}`)
    try {
      this.#document.apply(change.operation)
    } catch (error) {
      if (error instanceof DoesNotFit) return this.#stop(version, `the operation does not fit: ${error.message}`)
      throw error
    }
    this.version = version
    this.#checkRow(row, change.epoch, change.author?.clientId ?? 0n)
    if (change.hash !== 0n) this.#compareHash('the change', change.hash)
    this.#compareClaims()
    return this.#problems.length < ENOUGH_PROBLEMS
  }

  report(): VerifyReport {
    for (const [version, claims] of this.#claims) {
      if (version > this.version) for (const { what } of claims) this.#problems.push({ version: this.version + 1, what: `${what} has version ${version}, the log ends at ${this.version}` })
    }
    return {
      versions: this.version,
      length: this.#document.length,
      hash: this.#document.hash(),
      text: this.#document.text(),
      hashes: this.#hashes,
      snapshots: this.#snapshots,
      problems: this.#problems.toSorted((a, b) => a.version - b.version),
    }
  }

  #checkRow(row: LoggedOperation, epoch: bigint, client: bigint): void {
    if (epoch < this.#epoch) this.#found(`epoch ${epoch} wrote after epoch ${this.#epoch}`)
    this.#epoch = epoch
    const seq = Number(row.clientSeq)
    const last = this.#clients.get(client)
    if (last !== undefined && seq <= last) this.#found(`client ${client.toString(16)} committed sequence number ${seq} after ${last}`)
    this.#clients.set(client, seq)
    if (row.baseVersion >= BigInt(this.version)) this.#found(`it was submitted against version ${row.baseVersion}`)
  }

  #compareClaims(): void {
    for (const { what, claim } of this.#claims.get(this.version) ?? []) {
      if (claim.fault !== undefined) {
        this.#found(`${what} ${claim.fault}`)
        continue
      }
      this.#compareHash(what, claim.hash)
      const content = new NaiveDocument()
      for (const chunk of claim.content) content.append(chunk)
      const at = this.#document.differsAt(content)
      if (at !== undefined) this.#found(`${what} holds other content, from unit ${at} on`)
      for (const [client, seq] of claim.clients ?? []) {
        if (this.#clients.get(client) !== seq) this.#found(`${what} remembers sequence number ${seq} of client ${client.toString(16)}, the log has ${this.#clients.get(client) ?? 'none'}`)
      }
    }
  }

  #compareHash(what: string, hash: bigint): void {
    this.#hashes++
    const own = this.#document.hash()
    if (hash !== own) this.#found(`${what} claims the content hash ${hex(hash)}, recomputed ${hex(own)}`)
  }

  #found(what: string): void {
    this.#problems.push({ version: this.version, what })
  }

  #stop(version: number, what: string): false {
    this.#problems.push({ version, what })
    return false
  }
}

export function hex(hash: bigint): string {
  return hash.toString(16).padStart(16, '0')
}
