import { concerns } from '../words/concerns.ts'
import type { LaneKind, SwimlaneData, SwimlaneRow } from '../parts/swimlane-data.ts'

/** What a reader chose to see. */
export interface Choice {
  /** Lanes, by index; empty: all. */
  readonly lanes: ReadonlySet<number>
  /** Text that a line must contain, in any case; empty: all. */
  readonly text: string
}

/** A line of the drawing: an event, or the violation itself. */
export type Line = { readonly kind: 'event'; readonly row: SwimlaneRow } | { readonly kind: 'violation'; readonly at: number; readonly message: string }

/** Events of the chosen lanes and words, and the violation where it happened. What the plan does to the world always stays. */
export function chosenLines({ rows, lanes, violation }: SwimlaneData, choice: Choice): Line[] {
  const text = choice.text.toLowerCase()
  const isKind = (kind: LaneKind) => (lane: number): boolean => lanes[lane]?.kind === kind
  const wanted = ([, , from, to, what]: SwimlaneRow): boolean => {
    const inLanes = choice.lanes.size === 0 || concerns([from, to], choice.lanes, isKind('actor')) || isKind('plan')(from)
    return inLanes && (text === '' || [lanes[from]?.name, lanes[to]?.name, what].some((part) => part?.toLowerCase().includes(text)))
  }
  const lines = rows.filter(wanted).map((row): Line => ({ kind: 'event', row }))
  if (violation === undefined) return lines
  const place = lines.findIndex((line) => line.kind === 'event' && line.row[0] > violation.seq)
  lines.splice(place < 0 ? lines.length : place, 0, { kind: 'violation', at: violation.at, message: violation.message })
  return lines
}

/** Lanes that lines touch, in the order of the data; beyond `most`, those that are touched least are left to a last column of others. */
export function columnsOf(lines: readonly Line[], most: number, first: readonly number[]): { readonly columns: readonly number[]; readonly others: number } {
  const touched = new Map<number, number>()
  for (const line of lines) {
    if (line.kind !== 'event') continue
    for (const lane of [line.row[2], line.row[3]]) if (lane >= 0) touched.set(lane, (touched.get(lane) ?? 0) + 1)
  }
  const weight = (lane: number): number => (first.includes(lane) ? Infinity : (touched.get(lane) ?? 0))
  const ranked = [...touched.keys()].toSorted((a, b) => weight(b) - weight(a) || a - b)
  const columns = ranked.slice(0, ranked.length > most ? most - 1 : most).toSorted((a, b) => a - b)
  return { columns, others: ranked.length - columns.length }
}
