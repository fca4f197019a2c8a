import type { OwnerSpan } from '../../run/run-result.ts'

/** Two nodes took themselves for the owner of one document at the same time. */
export interface Overlap {
  readonly document: string
  /** The one that claimed first. */
  readonly older: OwnerSpan
  readonly newer: OwnerSpan
  readonly fromMs: number
  readonly toMs: number
}

/** All overlaps of different nodes, by document and time. A node that claims again before its old epoch ended is no split brain. */
export function overlapsOf(owners: readonly OwnerSpan[]): Overlap[] {
  return [...Map.groupBy(owners, ({ document }) => document).values()].flatMap(overlapsOfDocument)
}

function overlapsOfDocument(spans: readonly OwnerSpan[]): Overlap[] {
  const found: Overlap[] = []
  let running: OwnerSpan[] = []
  for (const newer of spans.toSorted((a, b) => a.fromMs - b.fromMs || a.epoch - b.epoch)) {
    running = running.filter(({ toMs }) => toMs > newer.fromMs)
    for (const older of running) {
      if (older.node === newer.node) continue
      found.push({ document: newer.document, older, newer, fromMs: newer.fromMs, toMs: Math.min(older.toMs, newer.toMs) })
    }
    running.push(newer)
  }
  return found.filter(({ fromMs, toMs }) => toMs > fromMs)
}
