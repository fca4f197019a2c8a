import type { DocumentKey, LogRecord, StoredSnapshot } from '../../../ports/index.ts'

/** Documents that are written at the same time. */
export const DOCUMENTS = 12

export function crashDocument(n: number): DocumentKey {
  return { tenant: 'local', id: `doc-${n}` }
}

/** Everything in it follows from its place, so that a reader can tell whether it is the one that was acknowledged. */
export function crashRecord(n: number, version: number, epoch: number, round: number): LogRecord {
  const bytes = new TextEncoder().encode(`document ${n} version ${version} epoch ${epoch} round ${round} ${'.'.repeat(version % 300)}`)
  return {
    version,
    epoch,
    clientId: version.toString(16).padStart(16, '0'),
    clientSeq: round,
    userId: `user-${n}`,
    at: 1_781_000_000_000 + version,
    baseVersion: version - 1,
    algorithm: 1,
    format: 1,
    bytes,
    ...(version % 3 === 0 ? { submitted: bytes.subarray(0, 5) } : {}),
  }
}

/** Large enough for several transactions with some documents, for one with others. */
export function crashSnapshot(n: number, version: number, epoch: number): StoredSnapshot {
  const chunks = Array.from({ length: n % 3 === 0 ? 14 : 2 }, (_, index) => new Uint8Array(200_000).fill((version + index) % 256))
  return { version, epoch, hash: '00000000000000aa', format: 1, length: version, state: new TextEncoder().encode(`${n} ${version}`), chunks, checksum: '' }
}
