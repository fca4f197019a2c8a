import type { RunResult, TraceLine } from '../../run/run-result.ts'
import { whatOf, whoIsConcerned } from '../words/first-violation.ts'
import { firstInTime } from '../words/run-wide.ts'
import { clip } from '../words/words.ts'

/** What the page's script draws a swimlane from. Plain JSON, names once. */
export interface SwimlaneData {
  readonly lanes: readonly Lane[]
  /** Sequence number, virtual milliseconds, lane it begins in, lane it ends in or -1, what it is. Ascending. */
  readonly rows: readonly SwimlaneRow[]
  readonly violation?: { readonly seq: number; readonly at: number; readonly message: string }
  /** Lanes that the violation is about; shown alone at first. */
  readonly concerned: readonly number[]
  /** Entries that were left out to keep the file small: the oldest. */
  readonly leftOut: number
}

export interface Lane {
  readonly name: string
  readonly kind: LaneKind
}

export type LaneKind = 'plan' | 'actor' | 'node' | 'storage'

export type SwimlaneRow = readonly [seq: number, at: number, from: number, to: number, what: string]

const MOST_ROWS = 10_000
/** Bytes that the entries of one swimlane may take: the whole page stays below 3 MB. */
export const MOST_BYTES = 2_200_000
const CLIPS = [400, 200, 120, 80]
const ORDER: readonly LaneKind[] = ['plan', 'actor', 'node', 'storage']

/** At most 10,000 entries; long ones are cut until they fit, then the oldest go. */
export function swimlaneData(result: Pick<RunResult, 'plan' | 'trace' | 'violations'>): SwimlaneData {
  const first = firstInTime(result.violations)
  const told = withoutEcho(result)
  const kept = fit(told.slice(-MOST_ROWS))
  const lanes = lanesOf(kept, result)
  const index = new Map(lanes.map(({ name }, at) => [name, at]))
  const rows = kept.map(({ seq, at, from, to, what }): SwimlaneRow => [seq, Math.round(at * 1000) / 1000, index.get(from)!, to === undefined ? -1 : index.get(to)!, what])
  const concerned = first === undefined ? [] : whoIsConcerned(result, first).flatMap((name) => index.get(name) ?? [])
  const violation = first === undefined ? {} : { violation: { seq: first.seq, at: first.at, message: clip(first.message, 400) } }
  return { lanes, rows, ...violation, concerned, leftOut: told.length - kept.length }
}

/** The trace notes the first violation too; the swimlane has a line of its own for it. */
function withoutEcho({ trace, violations }: Pick<RunResult, 'trace' | 'violations'>): readonly TraceLine[] {
  const first = firstInTime(violations)
  return first === undefined ? trace : trace.filter(({ seq, from, what }) => seq !== first.seq + 1 || from !== 'plan' || !what.startsWith('VIOLATION'))
}

function fit(lines: readonly TraceLine[]): readonly TraceLine[] {
  for (const length of CLIPS) {
    const clipped = lines.map((line) => ({ ...line, what: clip(whatOf(line), length) }))
    const bytes = clipped.reduce((sum, line) => sum + bytesOf(line), 0)
    if (bytes <= MOST_BYTES) return clipped
    if (length === CLIPS.at(-1)) return newest(clipped)
  }
  return lines
}

function newest(lines: readonly TraceLine[]): readonly TraceLine[] {
  let bytes = 0
  const begin = lines.findLastIndex((line) => (bytes += bytesOf(line)) > MOST_BYTES)
  return lines.slice(begin + 1)
}

/** Of one entry in the page: its text as JSON within a script element, and its numbers. */
function bytesOf({ what }: TraceLine): number {
  return Buffer.byteLength(JSON.stringify(what).replaceAll('<', '\\u003c')) + 40
}

/** Who is in the trace, in reading order: plan, actors, nodes, storage. */
function lanesOf(lines: readonly TraceLine[], { plan }: Pick<RunResult, 'plan'>): Lane[] {
  const nodes = new Set(plan.world.nodes.map(({ name }) => name))
  const names = [...new Set(lines.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])))]
  const kindOf = (name: string): LaneKind => (nodes.has(name) || name === 'server' ? 'node' : name === 'plan' || name === 'storage' ? name : 'actor')
  const rank = (kind: LaneKind): number => ORDER.indexOf(kind)
  return names.map((name) => ({ name, kind: kindOf(name) })).toSorted((a, b) => rank(a.kind) - rank(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }))
}
