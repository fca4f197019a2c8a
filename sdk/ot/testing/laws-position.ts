import type { Operation, TieKey } from '../src/operation.ts'
import { LOWEST_KEY } from '../src/tie-key.ts'
import { boundaries, documentOf, KEYS, randomContent, randomOperation } from './generate.ts'
import type { Algebra, Case, Law } from './law.ts'
import { drawGroup, eachBaseUnit } from './laws-transform.ts'
import { applyNaively, decodeNaively, type NaiveDocument } from './naive-document.ts'

const HIGHEST_KEY: TieKey = { user: 99, client: 'ffffffffffffffff' }

function draw(algebra: Algebra, c: Case): { document: NaiveDocument; operation: Operation } {
  const content = randomContent(c.random)
  const document = documentOf(content)
  const operation = drawGroup(algebra, c, document, KEYS)
  c.note('content', content)
  c.note('operation', operation)
  return { document, operation }
}

/** A position moves as an insert there would: before its ties with `left`, behind them with `right`. */
export const positionIsInsert: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const position = c.random.pick(boundaries(document))
  for (const [bias, key] of [['left', LOWEST_KEY], ['right', HIGHEST_KEY]] as const) {
    const marker = new algebra.OperationBuilder(document.length).key(key).retain(position).insert('|').build()
    const moved = algebra.transform(operation, marker)[1].components[0]! / 4
    const found = algebra.transformPosition(position, operation, bias)
    c.same(String(found), String(Number.isInteger(moved) ? moved : 0), `${position}, ${bias}`)
  }
}

/** A unit that stays is where its two gaps say it is. */
export const positionsFollowUnits: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const numbered = document.map((unit, index) => ({ ...unit, key: `unit ${index}` }))
  for (const [at, unit] of applyNaively(numbered, operation).entries()) {
    if (!unit.key.startsWith('unit ')) continue
    const index = Number(unit.key.slice(5))
    const [left, right] = [algebra.transformPosition(index, operation, 'right'), algebra.transformPosition(index + 1, operation, 'left')]
    c.same(`${left} ${right}`, `${at} ${at + 1}`, `the gaps of unit ${index}`)
  }
}

/** Many at once are each by itself; order is kept. */
export const manyPositions: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const positions = Array.from({ length: c.random.int(6) }, () => c.random.int(document.length + 1)).sort((a, b) => a - b)
  for (const bias of ['left', 'right'] as const) {
    const each = positions.map((position) => algebra.transformPosition(position, operation, bias))
    c.same(algebra.transformPositions(positions, operation, bias).join(), each.join(), `${positions.join()} ${bias}`)
    c.holds(each.every((position, i) => i === 0 || each[i - 1]! <= position), 'order is kept')
  }
}

/** Inward, a range holds exactly its surviving units and what came between them; outward, what came at its ends too. */
export const rangesHoldUnits: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const [from, to] = [c.random.int(document.length + 1), c.random.int(document.length + 1)].sort((a, b) => a - b) as [number, number]
  const [inward, outward] = [algebra.transformRange({ from, to }, operation), algebra.transformRange({ from, to }, operation, 'outward')]
  c.holds(inward.from <= inward.to && outward.from <= inward.from && inward.to <= outward.to, 'outward holds inward')
  const stays: number[] = []
  applyNaively(document.map((unit, index) => ({ ...unit, key: `unit ${index}` })), operation).forEach((unit, at) => {
    const index = unit.key.startsWith('unit ') ? Number(unit.key.slice(5)) : -1
    if (index >= from && index < to) stays.push(at)
  })
  if (stays.length > 0) {
    c.holds(inward.from <= stays[0]! && stays.at(-1)! < inward.to, 'inward holds the units that stay')
  }
}

/** Touched is what is deleted, changed or inserted at; overlap is what both touch, the same from both sides. */
export const touchedUnits: Law = (algebra, c) => {
  const { document, operation } = draw(algebra, c)
  const other = randomOperation(c.random, document, { key: c.random.pick(KEYS) })
  c.note('other', other)
  const [mine, theirs] = [touches(operation), touches(other)]
  c.same(unitsIn(algebra.touchedRanges(operation)), [...mine.units].join(), 'touched units')
  for (const place of mine.places) c.holds(algebra.touchedRanges(operation).some(({ from, to }) => from <= place && place <= to), `insert at ${place}`)
  const shared = algebra.overlap(operation, other)
  c.same(JSON.stringify(algebra.overlap(other, operation)), JSON.stringify(shared), 'overlap from both sides')
  c.same(unitsIn(shared), [...mine.units].filter((unit) => theirs.units.has(unit)).join(), 'shared units')
}

function touches(operation: Operation): { units: Set<number>; places: number[] } {
  const units = new Set<number>()
  eachBaseUnit(operation, (index, step) => void ((step.kind === 'delete' || step.attributes.length > 0) && units.add(index)))
  const places: number[] = []
  let at = 0
  for (const step of decodeNaively(operation)) {
    if (step.kind === 'insert') places.push(at)
    else at += step.length
  }
  return { units, places }
}

function unitsIn(ranges: readonly { readonly from: number; readonly to: number }[]): string {
  return ranges.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)).join()
}
