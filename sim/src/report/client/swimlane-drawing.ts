import type { SwimlaneData } from '../parts/swimlane-data.ts'
import { svg } from './dom.ts'
import type { Line } from './swimlane-rows.ts'

export interface Drawing {
  readonly data: SwimlaneData
  readonly lines: readonly Line[]
  /** Lanes that have a column, by index. */
  readonly columns: readonly number[]
  /** Lanes that share a last column. */
  readonly others: number
  /** Of a line, in pixels. */
  readonly height: number
  /** Of a column, in pixels. */
  readonly width: number
}

/** Names stand aslant above their columns. */
const HEAD = 76

export function drawHeads(drawing: Drawing): SVGElement {
  const { data, columns, others } = drawing
  const names = [...columns.map((lane) => data.lanes[lane]!.name), ...(others > 0 ? [`${others} others`] : [])]
  const texts = names.map((name, column) => {
    const x = center(drawing, column)
    const kind = data.lanes[columns[column] ?? -1]?.kind ?? 'others'
    return svg('text', { x, y: HEAD - 8, transform: `rotate(-40 ${x} ${HEAD - 8})`, class: `head ${kind}` }, name.length > 14 ? `${name.slice(0, 13)}…` : name, svg('title', {}, name))
  })
  return svg('svg', { width: totalWidth(drawing) + 60, height: HEAD, 'aria-hidden': 'true', class: 'swim-heads' }, ...texts)
}

/** Lanes, arrows and dots; the words beside them say the same. */
export function drawLanes(drawing: Drawing): SVGElement {
  const { columns, others, lines, height, data } = drawing
  const tall = lines.length * height
  const rails = Array.from({ length: columns.length + (others > 0 ? 1 : 0) }, (_, column) => {
    const x = center(drawing, column)
    return svg('line', { x1: x, x2: x, y1: 0, y2: tall, class: `rail ${data.lanes[columns[column] ?? -1]?.kind ?? 'others'}` })
  })
  const marks = lines.flatMap((line, index) => drawLine(drawing, line, (index + 0.5) * height))
  return svg('svg', { width: totalWidth(drawing), height: tall, 'aria-hidden': 'true', class: 'swim-svg' }, ...rails, ...marks)
}

function drawLine(drawing: Drawing, line: Line, y: number): SVGElement[] {
  const { height } = drawing
  if (line.kind === 'violation') return [svg('rect', { x: 0, y: y - height / 2, width: totalWidth(drawing), height, class: 'violation' })]
  const [from, to] = [columnOf(drawing, line.row[2]), line.row[3] < 0 ? undefined : columnOf(drawing, line.row[3])]
  const kind = drawing.data.lanes[line.row[2]]?.kind ?? 'actor'
  const begin = center(drawing, from)
  if (to === undefined || to === from) return [svg('circle', { cx: begin, cy: y, r: kind === 'plan' ? 4 : 3, class: `dot ${kind}` })]
  const end = center(drawing, to)
  const back = end > begin ? -1 : 1
  const head = `${end},${y} ${end + back * 7},${y - 3.5} ${end + back * 7},${y + 3.5}`
  return [
    svg('line', { x1: begin, x2: end + back * 5, y1: y, y2: y, class: `arrow ${kind}` }),
    svg('circle', { cx: begin, cy: y, r: 2, class: `dot ${kind}` }),
    svg('polygon', { points: head, class: `tip ${kind}` }),
  ]
}

function columnOf({ columns }: Drawing, lane: number): number {
  const column = columns.indexOf(lane)
  return column < 0 ? columns.length : column
}

function center({ width }: Drawing, column: number): number {
  return (column + 0.5) * width
}

function totalWidth({ columns, others, width }: Drawing): number {
  return (columns.length + (others > 0 ? 1 : 0)) * width
}
